// One opened lake and everything that its operations share: the store, DuckDB, the encoder, the indexer, one budget of cores and memory.
// Shape:   every part is opened when an operation first needs it, so that a search by word loads neither DuckDB nor OpenVINO.
// Errors:  not_found when there is no lake (reading never makes one); each operation's errors are in its declaration.
// Threads: operations may be called from any thread. What two of them need is opened once, and only they wait for it; no lock is held over
//          reading or opening. Writers of one table (pull, optimize, restore, vacuum, forget, SQL) go one after the other; who reads waits
//          for none of them, and builds what the index of its version lacks once for all who ask for that version.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "answer/ask.h"
#include "base/clock.h"
#include "base/once.h"
#include "base/progress.h"
#include "base/random.h"
#include "duck/instances.h"
#include "index/indexer.h"
#include "ingest/ingest.h"
#include "lake/leases.h"
#include "lake/table.h"
#include "lake/tags.h"
#include "search/search.h"
#include "sql/session.h"
#include "store/store.h"
#include "worker/pool.h"
#include "workspace/operations.h"
#include "workspace/table_locks.h"

namespace tarn::workspace {

struct OpenOptions {
  std::string lake;                                 // directory
  int threads = 0;                                  // 0 = all cores
  uint64_t memory_limit_bytes = uint64_t{1} << 30;  // of DuckDB
  int sql_timeout_ms = 120'000;                     // of a statement that is an operation
  std::string model;    // directory of the encoder's model; "" = beside the program; "none" = words only;
                        // "deterministic" = the encoder for tests
  std::string plugin;   // the encoder's run time; "" = beside the program
  std::string program;  // this program's path; "" = /proc/self/exe
};

// What --as-of says: nothing, a version, a time or a tag.
struct AsOf {
  std::string text;
  std::optional<base::Version> version;
  std::optional<int64_t> time_us;
  std::optional<lake::Tag> tag;
};

// A lake snapshot: what one operation reads, resolved once.
struct Pinned {
  std::string name;  // "main.docs"
  std::shared_ptr<lake::Table> table;
  std::shared_ptr<const delta::Snapshot> snapshot;
};

// A table that one operation on all tables could not open.
struct PassedOver {
  std::string name;
  base::Status status;
};

inline constexpr const char* kReceipts = "_tarn/receipts";  // below the lake

// Must be called by main before worker::serve: names the jobs that workers can do.
void register_workers();

class Workspace {
 public:
  static base::Result<std::unique_ptr<Workspace>> open(OpenOptions options);
  ~Workspace();

  base::Result<PullReply> pull(const PullRequest& request, const base::Context& context);
  // As pull with watch: goes on until cancelled; each round's reply is given to `report`.
  base::Status watch(const PullRequest& request, const base::Context& context,
                     const std::function<void(const base::Result<PullReply>&)>& report);
  base::Result<TablesReply> tables(const TablesRequest& request, const base::Context& context);
  base::Result<ShowReply> show(const ShowRequest& request, const base::Context& context);
  base::Result<HistoryReply> history(const HistoryRequest& request, const base::Context& context);
  base::Result<SearchReply> search(const SearchRequest& request, const base::Context& context);
  base::Result<AskReply> ask(const AskRequest& request, const base::Context& context);
  base::Result<VerifyReply> verify(const VerifyRequest& request, const base::Context& context);
  base::Result<FetchReply> fetch(const FetchRequest& request, const base::Context& context);
  base::Result<OptimizeReply> optimize(const OptimizeRequest& request, const base::Context& context);
  base::Result<TagReply> tag(const TagRequest& request, const base::Context& context);
  base::Result<VacuumReply> vacuum(const VacuumRequest& request, const base::Context& context);
  base::Result<RestoreReply> restore(const RestoreRequest& request, const base::Context& context);
  base::Result<DiffReply> diff(const DiffRequest& request, const base::Context& context);
  base::Result<ForgetReply> forget(const ForgetRequest& request, const base::Context& context);
  base::Result<LinkReply> link(const LinkRequest& request, const base::Context& context);
  base::Result<CheckReply> check(const CheckRequest& request, const base::Context& context);
  // Read-only, bounded, on a locked connection in a worker.
  base::Result<SqlReply> sql(const SqlRequest& request, const base::Context& context);
  base::Result<DoctorReply> doctor(const DoctorRequest& request, const base::Context& context);

  // A SQL session over the lake's tables, with search(), passages() and embed(). Locked: reads nothing outside the lake, writes nothing, and
  // runs in a worker; each of its statements may take `timeout_ms` (0 = as long as it takes).
  base::Result<std::unique_ptr<sql::Session>> session(const std::string& as_of, bool locked, int timeout_ms = 0);

  const std::string& lake() const { return options_.lake; }
  const OpenOptions& options() const { return options_; }

 private:
  using LiveSetKey = std::tuple<std::string, std::string, base::Version, bool>;  // name, id, version, with vectors

  Workspace(OpenOptions options, bool model_named);

  // Parts, opened when first needed.
  base::Result<store::Store*> store(bool create);
  base::Result<duck::Database*> database();
  // Locked to where a filter may read. The instance of an earlier set of links closes with its last connection.
  base::Result<std::shared_ptr<duck::Database>> locked_database();
  // Where a locked connection may read: the lake, and what its links point to.
  std::vector<std::string> readable_directories();
  base::Result<index::Indexer*> indexer();
  struct OpenedEncoder {
    std::shared_ptr<encode::Encoder> encoder;  // null when there is none
    base::Status status;                       // of the attempt to open it
  };
  std::shared_ptr<const OpenedEncoder> opened_encoder();
  encode::Encoder* encoder() { return opened_encoder()->encoder.get(); }
  base::Status check_encoder();  // why there is none, where there should be one
  worker::Pool& pool();
  worker::Pool& sql_pool();
  search::Environment search_environment(const base::Context& context);

  base::Result<lake::Environment> lake_environment(bool create, bool observed);
  // With a version, only that one has to be readable.
  base::Result<std::shared_ptr<lake::Table>> table(const std::string& name, std::optional<base::Version> version,
                                                   const base::Context& context);
  base::Result<AsOf> as_of(const std::string& text);
  // Nothing for the newest.
  base::Result<std::optional<base::Version>> version_of(const lake::Table& table, const AsOf& wanted,
                                                        const base::Context& context);
  base::Result<lake::LeaseHolder*> leases();
  // For an operation that reads files: taken before it pins, kept until it has read. Null where there is no lake.
  std::shared_ptr<const void> reading();
  base::Result<Pinned> pin(const std::string& name, const std::string& as_of, const base::Context& context);
  base::Result<Pinned> pin(const std::string& name, const AsOf& wanted, const base::Context& context);
  // Every table, or those named; with `indexed`, only text tables where none is named. Where none is named and `passed_over` is given, a
  // table that cannot be opened is said there, and the others go on.
  base::Result<std::vector<Pinned>> pin_all(const std::vector<std::string>& names, const std::string& as_of,
                                            bool indexed, const base::Context& context,
                                            std::vector<PassedOver>* passed_over = nullptr);
  base::Result<std::shared_ptr<const index::LiveSet>> live_set(const Pinned& pinned, bool with_vectors,
                                                               const base::Context& context);
  void forget_opened(const std::string& name);  // another table will have the name, or this one other files
  base::Result<std::vector<search::Target>> targets(const std::vector<std::string>& names, const std::string& as_of,
                                                    bool with_vectors, const base::Context& context,
                                                    std::vector<PassedOver>* passed_over = nullptr);
  std::vector<duck::TableFunction> table_functions(const std::string& as_of);
  std::vector<duck::ScalarFunction> scalar_functions();
  sql::LakeWriter sql_writer(const std::string& as_of);  // sql_writer.cc
  base::Status check_table(const Pinned& pinned, CheckReply* reply, const base::Context& context);
  base::Status check_receipts(CheckReply* reply);
  base::Result<std::string> id_to_forget(const ForgetRequest& request, const std::vector<Pinned>& tables);
  base::Status check_unopened(const std::string& name, CheckReply* reply, const base::Context& context);
  PullReply to_reply(const ingest::PullReport& report, uint64_t encoded_before, uint64_t reused_before);

  OpenOptions options_;
  const bool model_named_;
  base::Random random_;
  duck::Instances instances_;
  base::Once<std::shared_ptr<store::Store>> store_;
  base::Once<std::shared_ptr<duck::Database>> database_;
  base::Once<std::shared_ptr<const OpenedEncoder>> encoder_;
  base::Once<std::shared_ptr<index::Indexer>> indexer_;
  base::Once<std::shared_ptr<worker::Pool>> pool_, sql_pool_;
  base::Once<std::shared_ptr<lake::LeaseHolder>> leases_;
  base::OncePerKey<std::string, std::shared_ptr<lake::Table>> tables_;
  base::OncePerKey<LiveSetKey, std::shared_ptr<const index::LiveSet>> opening_live_sets_;
  std::mutex keeping_;  // of the two below, never held for long
  std::shared_ptr<duck::Database> locked_database_;
  std::map<std::string, std::shared_ptr<const index::LiveSet>> live_sets_;  // newest asked for, by table
  TableLocks writing_;
};

// The replies' forms of what search and lake return.
Hit to_hit(const search::Hit& hit, size_t rank, const std::vector<search::Target>& targets, bool explain);
PinnedTable to_pinned(const search::Target& target, bool with_vectors);

}  // namespace tarn::workspace
