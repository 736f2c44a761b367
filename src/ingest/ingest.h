// Pull: one run of a connector into one table. Rows, deletions and the source's bookmark become visible in one last
// commit; a large pull commits rows as it goes, and may be killed and started again at any moment.
// Shape:   documents become rows with the schema of a text table (lake/text_table.h), records rows of their own
//          (record_pull.h); what could not be read is in `tarn.rejects`. An id is made at first sight from (source,
//          uri, part) and kept through renames. An item is one row, and one more for each of its parts; they come in
//          one commit, and go when the item goes. Where sources of one table lie in each other, a file is one row. It
//          belongs to the widest source that names it, which takes it over with its id; the others keep it up to date:
//          README.md.
// Errors:  conflict (another pull of the same source committed first), cancelled (what was committed stays; pull again
//          to go on), invalid_argument (the table is not a text table, a bad name), and what connector, lake and duck
//          return. Nothing is deleted by a pull that failed.
// Threads: one pull belongs to one thread and extracts in `extract_threads` more. Several processes may pull at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/progress.h"
#include "base/status.h"
#include "connector/descriptor.h"
#include "duck/connection.h"
#include "lake/table.h"

namespace tarn::worker {
class Pool;
}

namespace tarn::ingest {

inline constexpr uint64_t kCommitDocuments = 5'000;
inline constexpr uint64_t kCommitBytes = uint64_t{256} << 20;  // of what was read, whatever the number of documents
inline constexpr size_t kReportedItems = 100;                  // rejects and changes that a report lists

inline constexpr std::string_view kDocuments = "main.docs";  // where documents go when nothing else is said

struct PullRequest {
  connector::Source source;  // options that are kept with the source are those of the last pull, and what is given here
  std::string table{kDocuments};  // "name" is "main.name"
  bool dry_run = false;
  uint64_t commit_every = 0;    // documents; 0 = kCommitDocuments; never more than kCommitBytes
  bool forget_options = false;  // what the last pull kept is not taken
  // So many deletions are meant, also where the source lost half of what it had at once (gone.h).
  std::optional<uint64_t> believe_deletions = {};
  connector::RunOptions run = {};
};

// An item's bytes → its documents, as document::read() gives them. Called from several threads at once.
using Extract = std::function<base::Status(std::string_view bytes, std::string_view mime, std::string_view name,
                                           const document::ExtractOptions& options, const document::Sink& sink)>;
// In workers: bytes of a source are not trusted. As many threads may call it as the pool has workers; the pool outlives
// it.
Extract extract_in(worker::Pool& pool);

struct Environment {
  lake::Environment lake;  // `store` may be null in a dry run: there is no lake yet
  // Opens DuckDB when it is first needed; an unchanged pull never asks.
  std::function<base::Result<duck::Connection*>()> connection;
  Extract extract;
  int extract_threads = 2;
  const std::vector<connector::Descriptor>* connectors = &connector::connectors();  // a test gives its own
};

struct PlannedChange {
  enum class Kind { added, changed, renamed, deleted, taken_over } kind;
  std::string uri;
  std::optional<std::string> from = {};  // the old uri of a rename, and of what is taken over
};
std::string_view kind_name(PlannedChange::Kind kind);

// What a pull did, as every face shows it: workspace/operations/pull.h says how it looks as JSON.
struct PullReport {
  std::string source, table;
  std::optional<base::Version> version;  // of the table afterwards; none of a dry run, and where there is no table
  bool dry_run = false;
  uint64_t commits = 0;
  uint64_t seen = 0;  // items that the source has now
  uint64_t added = 0, changed = 0, renamed = 0, deleted = 0, unchanged = 0;
  uint64_t taken_over = 0;             // rows of a source that lies within this one
  std::optional<std::string> reading;  // the options that are kept with the source, where not by default
  uint64_t rejected = 0, skipped = 0;  // could not be read; are of a kind that is not read, or nothing to read
  uint64_t doubted = 0;                // items that the source seems to have lost, too many at once: they stay
  uint64_t size_bytes = 0;             // read from the source
  double took_ms = 0;
  std::vector<PlannedChange> changes;      // the first kReportedItems
  std::vector<connector::Reject> rejects;  // the first kReportedItems
  std::vector<std::string> notes;          // what the user should know, said when it is new
  // Not shown:
  uint64_t kept = 0;    // items that are there and could not be read now
  uint64_t shared = 0;  // items whose rows belong to a source around this one

  bool moved() const { return added + changed + renamed + deleted + taken_over > 0; }
  void count(const PlannedChange& change);
  void close(const base::Stopwatch& stopwatch);  // when nothing is counted any more
};

// What was rejected, and how much of it, into a report: failures first.
void report_rejects(const std::vector<connector::Reject>& rejects, PullReport& report);

base::Result<PullReport> pull(const PullRequest& request, const Environment& environment, const base::Context& context);

// Pulls, then again after each settled batch of changes, until cancelled or until `report` returns false. A pull that
// fails is reported too and the watch goes on; the first one must succeed. Returns cancelled, ok, or why the source
// cannot be watched.
base::Status watch(const PullRequest& request, const Environment& environment, const base::Context& context,
                   const std::function<bool(const base::Result<PullReport>&)>& report);

}  // namespace tarn::ingest
