// What ingest itself keeps of a pull: the bookmark of a source in one table.
// Shape:   doc/format/pull-bookmark.md. A whole bookmark holds the connector's state and the rejects; a step's bookmark
//          only says at which whole one the pull began that was under way.
// Errors:  parse() gives an empty state for what it does not understand: the source is then read from the start.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "connector/connector.h"
#include "json/value.h"

namespace tarn::ingest {

inline constexpr int kStateFormat = 1;

// Another source of the same table, as a pull found it.
struct OtherSource {
  std::string id, url;
  int64_t number = 0;    // of its bookmark
  int64_t moved_at = 0;  // number of its last bookmark that came with rows
  std::string relation;  // how the two lie to each other (connector::Overlap); "" = apart
  bool operator==(const OtherSource&) const = default;
};

// Versions of readers by name.
using Readers = std::map<std::string, int>;
Readers readers_now();

struct State {
  Readers readers;  // that the source was read with; another one now may read what was not read, or make more of it
  json::Value connector;
  std::vector<connector::Reject> rejects;  // ordered by item
  json::Value options;                     // of the source, that are kept with it: an object, or null for none
  std::vector<OtherSource> others;         // ordered by id
  std::optional<int64_t> moved_at;         // nothing: this bookmark came with rows
  uint64_t doubted = 0;                    // deletions that wait to be believed
  std::optional<int64_t> rights_read_at_us = {};
};

struct Bookmark {
  std::optional<State> state;       // of a pull that ended
  json::Value options;              // of a pull that did not
  bool under_way = false;           // a pull committed rows and did not end
  std::optional<int64_t> began_at;  // then: the number of the bookmark that it started from
};

json::Value to_json(const State& state);
json::Value step_to_json(std::optional<int64_t> began_at, const json::Value& options);
Bookmark parse_bookmark(const json::Value& value);

}  // namespace tarn::ingest
