// What turns a source into items. It knows where it stopped (the bookmark) and says what is new, changed, renamed, there and gone;
// it never knows the lake, nor what its reader does with an item.
// Shape:   Connector::run() gives every item to a Sink, in one thread, and ends with the new bookmark. A `complete` outcome means that
//          every item of the source was named (upsert, rename, unchanged, keep or keep_below): what was not named is gone.
// Errors:  run() fails only when the source as a whole cannot be read (not_found, io, cancelled, what the Sink returned); then nothing
//          may be taken as gone. One bad item is a reject and the run goes on.
// Threads: a Connector and its Sink belong to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "base/status.h"
#include "json/value.h"

namespace tarn::connector {

// One thing of a source that becomes one row of a text table.
struct Item {
  std::string uri;             // unique in the source; an absolute URI
  std::string name;            // for people, and the title of last resort: a file's name
  std::string mime;            // "" = not known
  std::string source_version;  // changes when the bytes change; a file's is the XXH3-128 of its bytes
  std::string bytes;           // unless `load` is set
  std::function<base::Result<std::string>()> load;  // asked at most once, in the thread of run()
  uint64_t size_bytes = 0;
  std::string author;
  std::string parent;  // uri of the item that it is part of
  std::optional<int64_t> created_at_us, modified_at_us;
  std::vector<std::string> labels;
  json::Value extra = json::Value::object();  // every field of the source that has no place above
};

// Something that was not read, and why. `place` is where in the item: "" or "line 12", "byte 88". What is `skipped` is whole but of a
// kind that is not read, such as a picture: no failure.
struct Reject {
  std::string item, place, reason;
  bool skipped = false;
  bool operator==(const Reject&) const = default;
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual base::Status upsert(Item item) = 0;                              // new, or other than the bookmark says
  virtual base::Status rename(const std::string& old_uri, Item item) = 0;  // the same bytes under another uri
  virtual void unchanged(const std::string& uri) = 0;                      // as the bookmark says
  virtual void keep(const std::string& uri) = 0;               // could not be read now; what was read before stays
  virtual void keep_below(const std::string& uri_prefix) = 0;  // the same for every uri that starts so
  virtual void vanish(const std::string& uri) = 0;             // gone
  virtual void reject(Reject reject) = 0;
};

struct Options {
  std::vector<std::string> include, exclude;  // gitignore patterns; no include = everything
  bool hidden = false;                        // also names that start with '.'
  bool ignore_files = true;                   // honour .gitignore and .tarnignore
  uint64_t max_item_bytes = uint64_t{64} << 20;
  bool everything = false;   // name each item as new, whatever the bookmark says (a new extractor)
  bool allow_empty = false;  // believe a source that lost all its items and changed its file system at once
};

struct Outcome {
  json::Value bookmark;
  bool complete = true;
  bool moved = true;  // false: nothing happened since the old bookmark; the new one differs in its cache at most
  uint64_t bytes_read = 0;
};

// Tells that a source may have changed, for `pull --watch`.
class Watcher {
 public:
  virtual ~Watcher() = default;
  // Returns when something happened since the last call (or since the watcher was made) and then nothing for a moment. cancelled when asked.
  virtual base::Status wait(const base::Context& context) = 0;
  virtual std::string_view method() const = 0;  // "inotify" or "polling"
};

class Connector {
 public:
  virtual ~Connector() = default;
  virtual const std::string& source() const = 0;  // canonical URL
  // `bookmark` is what an earlier run returned, or null. One that cannot be understood counts as null.
  virtual base::Result<Outcome> run(const json::Value& bookmark, const Options& options, Sink& sink,
                                    const base::Context& context) = 0;
  // unsupported where the source cannot be watched.
  virtual base::Result<std::unique_ptr<Watcher>> watch(const Options& options) = 0;
};

// Stable name of a source: 32 hex digits from its canonical URL.
std::string source_id(std::string_view canonical_url);

// The connector for a URL or a path, by scheme. unsupported (with the schemes that there are), not_found, invalid_argument.
base::Result<std::unique_ptr<Connector>> make_connector(const std::string& url_or_path);

}  // namespace tarn::connector
