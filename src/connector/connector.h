// What turns a source into items. It knows where it stopped (the bookmark) and says what is new, changed, renamed,
// there and gone; it never knows the lake, nor what its reader does with an item.
// Shape:   Connector::run() gives every item to a Sink, in one thread, and ends with the new bookmark. A `complete`
//          outcome means that every item of the source was named (upsert, rename, unchanged or keep, or one of the last
//          two for all below a prefix): what was not named is gone.
// Errors:  run() fails only when the source as a whole cannot be read (not_found, io, cancelled, what the Sink
//          returned); then nothing may be taken as gone. One bad item is a reject and the run goes on.
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
#include "connector/record.h"
#include "connector/rights.h"
#include "connector/stream.h"
#include "document/document.h"
#include "json/value.h"

namespace tarn::connector {

// The option of a source of documents that the pull acts on, and no connector.
inline constexpr std::string_view kKeepOriginals = "keep_originals";

// One thing of a source that becomes one row of a text table.
struct Item {
  std::string uri;   // unique in the source; an absolute URI
  std::string name;  // for people, and the title of last resort: a file's name
  std::string mime;  // "" = not known
  // Changes when the bytes or the way of reading them change: a file's is the XXH3-128 of its bytes and Reader::way().
  std::string source_version;
  document::ExtractOptions options;
  std::string bytes;  // unless `open` is set
  // Fetches the bytes, if they are wanted: asked at most once, in another thread than run(), together with others.
  // source_version may be "" then, and becomes the XXH3-128 of the bytes. A failure costs this item alone; the next run
  // learns of it from wants_again().
  std::function<base::Result<std::unique_ptr<ByteStream>>(const base::Context&)> open;
  uint64_t size_bytes = 0;
  std::string author;
  std::string parent;      // uri of the item that it is part of
  std::string place = {};  // where in the source it lies, for who reads of its reject: "byte 88"
  // The part of another item that it was until now: it keeps that row.
  struct Part {
    std::string uri, name;
  };
  std::optional<Part> was_part = {};
  std::optional<int64_t> created_at_us, modified_at_us;
  std::vector<std::string> labels;
  // Its rules from when this text of it is there. Those that were told before the item hold for the text that it had,
  // until then.
  std::optional<std::vector<Rule>> rights_then = {};
  json::Value extra = json::Value::object();  // every field of the source that has no place above
};

// Something that was not read, and why. `place` is where in the item: "" or "line 12", "byte 88".
struct Reject {
  enum class Kind : uint8_t {
    failure,
    skipped,  // whole but of a kind that is not read, such as a picture: no failure
    noted,    // nothing that could be read, such as a link to nothing: no failure, and said by name when it is new
  };
  std::string item, place, reason;
  Kind kind = Kind::failure;
  bool is_failure() const { return kind == Kind::failure; }
  bool operator==(const Reject&) const = default;
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual base::Status upsert(Item item) = 0;                              // new, or other than the bookmark says
  virtual base::Status rename(const std::string& old_uri, Item item) = 0;  // the same bytes under another uri
  virtual void unchanged(const std::string& uri) = 0;                      // as the bookmark says
  // The same for every uri that starts so; how many items these are.
  virtual void unchanged_below(const std::string& uri_prefix, uint64_t items) = 0;
  // Whether an item that had to be read again is wanted although its bytes are as the bookmark says: it failed then,
  // and may not now.
  virtual bool wants_again(const std::string& uri) = 0;
  virtual void keep(const std::string& uri) = 0;               // could not be read now; what was read before stays
  virtual void keep_below(const std::string& uri_prefix) = 0;  // the same for every uri that starts so
  virtual void vanish(const std::string& uri) = 0;             // gone
  virtual void reject(Reject reject) = 0;

  // Rights, where the descriptor says that the source knows them. All rules of an item, before it is upserted and
  // whenever they were read again; none: they could not be read. What is not told stays as it was.
  virtual base::Status rights(const std::string& /*uri*/, std::vector<Rule> /*rules*/) { return no_rights(); }
  // All users and groups of the source, and who is in which, before the first item.
  virtual base::Status people(std::vector<Principal> /*principals*/, std::vector<Membership> /*members*/) {
    return no_rights();
  }

  // Records instead of documents: once their columns, then each record of the source, those that are as they were too.
  // Of several with one key the last counts, and what is not named is gone.
  virtual base::Status table(RecordTable) { return no_records(); }
  virtual base::Status records(std::vector<Record>) { return no_records(); }

 private:
  static base::Status no_rights() { return {base::Code::internal, "rights came from a source that knows of none"}; }
  static base::Status no_records() { return {base::Code::internal, "documents were expected, and records came"}; }
};

// What a run is told beside its source's options.
struct RunOptions {
  bool everything = false;  // name each item as new, whatever the bookmark says (a new extractor)
  bool one_by_one = false;  // nothing by unchanged_below(): deletions wait to be believed, and must be seen again
  uint64_t max_item_bytes = uint64_t{64} << 20;
};

// What a run found. same: nothing came, changed or went since the old bookmark, so that what is gone is not looked for;
// the new bookmark differs in its cache at most.
enum class Found : uint8_t { same, news };

struct Outcome {
  explicit Outcome(Found what) : found(what) {}

  Found found;
  json::Value bookmark;
  bool complete = true;
  // The bookmark is kept also where nothing else changed: it says when rights were read.
  bool bookmark_counts = false;
  std::optional<int64_t> rights_read_at_us = {};  // when all rights were last read
  uint64_t unchanged_records = 0;                 // where it is the same, and so none was named
  uint64_t bytes_read = 0;
  std::vector<std::string> notes;  // what the user should know of the source
};

// Tells that a source may have changed, for `pull --watch`.
class Watcher {
 public:
  virtual ~Watcher() = default;
  // Returns when something happened since the last call (or since the watcher was made) and then nothing for a moment.
  // cancelled when asked.
  virtual base::Status wait(const base::Context& context) = 0;
  virtual std::string_view method() const = 0;  // "inotify" or "polling"
};

// How the items of another source relate to those of this one, where both may name the same things.
class Overlap {
 public:
  virtual ~Overlap() = default;
  // The other source is around this one, or is the same place: what both name belongs to it.
  virtual bool theirs_is_wider() const = 0;
  // The uri that this source has for an item of the other; nothing for what lies outside of it.
  virtual std::optional<std::string> ours(const std::string& their_uri) const = 0;
  virtual std::string theirs(const std::string& our_uri) const = 0;
  // Changes when the two lie otherwise to each other than before.
  virtual std::string relation() const = 0;
};

class Connector {
 public:
  virtual ~Connector() = default;
  // `bookmark` is what an earlier run returned, or null. One that cannot be understood counts as null.
  virtual base::Result<Outcome> run(const json::Value& bookmark, const RunOptions& options, Sink& sink,
                                    const base::Context& context) = 0;
  // Null where the two have nothing in common. `other_source` is a canonical URL.
  virtual std::unique_ptr<Overlap> overlap_with(const std::string&) const { return nullptr; }
  // Whether the item is certainly not there any more, though it may just not be wanted.
  virtual bool is_gone(const std::string&) const { return false; }
  // Where its descriptor says that it can be watched.
  virtual base::Result<std::unique_ptr<Watcher>> watch() {
    return base::Status(base::Code::unsupported, "this source cannot be watched");
  }
};

}  // namespace tarn::connector
