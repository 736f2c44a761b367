// One opened lake: the parts that operations share, each opened when an operation first needs it, so that a search by
// word loads neither DuckDB nor OpenVINO. An operation gets the parts that its run() names.
// Errors:  not_found when there is no lake (reading never makes one); each operation's errors are in its declaration.
// Threads: operations may run on any thread. What two of them need is opened once, and only they wait for it; no lock
//          is held over reading or opening. Writers of one table (pull, optimize, restore, vacuum, forget, SQL) go one
//          after the other; who reads waits for none of them, and builds what the index of its version lacks once for
//          all who ask for that version.
#pragma once

#include <memory>
#include <tuple>
#include <vector>

#include "base/progress.h"
#include "workspace/databases.h"
#include "workspace/indexing.h"
#include "workspace/lake_store.h"
#include "workspace/live_sets.h"
#include "workspace/model.h"
#include "workspace/named_sources.h"
#include "workspace/operations.h"
#include "workspace/options.h"
#include "workspace/retrieval.h"
#include "workspace/sql_sessions.h"
#include "workspace/table_locks.h"
#include "workspace/tables.h"
#include "workspace/workers.h"

namespace tarn::workspace {

// Must be called by main before worker::serve: names the jobs that workers can do.
void register_workers();

class Workspace {
  auto parts() {
    return std::tie(options_, store_, databases_, model_, indexing_, workers_, live_sets_, tables_, retrieval_,
                    writing_, sql_sessions_, sources_);
  }

 public:
  static base::Result<std::unique_ptr<Workspace>> open(OpenOptions options);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  // One operation: workspace.run<Show>({"main.docs"}, context).
  template <typename Op>
  base::Result<operation::ReplyOf<Op>> run(const operation::RequestOf<Op>& request, const base::Context& context,
                                           const operation::SinkOf<Op>& pieces = {}) {
    return call(&Op::run, request, context, pieces);
  }
  // All of them for the faces, in the order of their list. The workspace must outlive what is returned.
  std::vector<operation::Bound> operations();

  template <typename Part>
  Part& part() {
    return std::get<Part&>(parts());
  }

 private:
  Workspace(OpenOptions options, bool model_named);

  // Each argument after the request is a part, the context or the sink, known by its type.
  template <typename Reply, typename Request, typename Pieces, typename... Arguments>
  Reply call(Reply (*handler)(const Request&, Arguments...), const Request& request, const base::Context& context,
             const Pieces& pieces) {
    return handler(request, std::get<Arguments>(std::tuple_cat(parts(), std::tie(context, pieces)))...);
  }
  SqlFunctions sql_functions(const std::string& as_of);

  const OpenOptions options_;
  LakeStore store_;
  Databases databases_;
  Model model_;
  Indexing indexing_;
  Workers workers_;
  LiveSets live_sets_;
  Tables tables_;
  Retrieval retrieval_;
  TableLocks writing_;
  SqlSessions sql_sessions_;
  NamedSources sources_;
};

}  // namespace tarn::workspace
