// What a store asked of the file system, call by call, and what a power cut at any point of it may leave.
// Shape:   a Recording is the state at its start, taken as durable, and the events since. A file's bytes are durable by
//          its sync, a name (made, moved or removed) by its directory's sync, and nothing by anything else: POSIX
//          promises no more.
// Errors:  materialise() returns what the file system says.
// Threads: a Recording is a value; for_each_power_cut() runs in its caller's thread.
// Source:  the method of SQLite's crash tests (testing.html, section 3.3).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/status.h"

namespace tarn::store {

struct Event {
  enum class Kind { create, write, truncate, sync, rename, link, unlink, make_directory, sync_directory, mark };
  Kind kind = Kind::mark;
  std::string path;     // relative to the root; a mark's label; "" is the root
  std::string to;       // rename, link
  uint64_t file = 0;    // create, write, truncate, sync: which file, whatever it is called by now
  uint64_t offset = 0;  // write
  std::string bytes;    // write
  std::string describe() const;
};

struct Recording {
  struct Entry {
    std::string path;
    bool is_directory = false;
    uint64_t file = 0;
    std::string bytes;
  };
  std::vector<Entry> start;  // parents before what is in them
  std::vector<Event> events;
  size_t count(Event::Kind kind) const;
};

// What becomes of the bytes that were written and not synced …
enum class Unsynced {
  lost,
  kept,
  torn,
  garbage,
  mixed
};  // torn: the first half of them; mixed: each file its own fate
// … and of the names that were changed in a directory and not synced.
enum class Names { lost, kept, mixed };  // mixed: each change its own fate

struct Variant {
  Unsynced bytes = Unsynced::lost;
  Names names = Names::lost;
  uint64_t seed = 0;  // of garbage and of mixed
  std::string describe() const;
};
// Every pair of the fixed fates, and `mixed` pairs of random ones.
std::vector<Variant> all_variants(uint64_t seed, int mixed = 4);

// The state after the first `cut` events and a power cut, written into `directory`, which is empty or not
// there.
base::Status materialise(const Recording& recording, size_t cut, const Variant& variant, const std::string& directory);

struct PowerCut {
  size_t cut = 0;
  Variant variant;
  std::vector<std::string> marks;  // the labels that were recorded before it: what had been acknowledged
  std::string directory;           // holds the state; may be written to
  std::string describe() const;    // with the last event before the cut, and the seed
};
// Every cut with every variant; a state that was seen before with the same marks is passed over. `scratch` is
// a directory for the states, made when missing. Returns how many were visited.
base::Result<size_t> for_each_power_cut(const Recording& recording, const std::vector<Variant>& variants,
                                        const std::string& scratch, const std::function<void(const PowerCut&)>& visit);

}  // namespace tarn::store
