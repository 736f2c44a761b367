#include "workspace/registry.h"

#include "workspace/declarations.h"
#include "workspace/versions_declarations.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

template <typename Request, typename Reply>
operation::Bound bind(const Declared<Request, Reply>& declared, Workspace& workspace,
                      base::Result<Reply> (Workspace::*method)(const Request&, const base::Context&)) {
  return declared.bind([&workspace, method](const Request& request, const base::Context& context) {
    return (workspace.*method)(request, context);
  });
}

}  // namespace

std::vector<operation::Bound> bind_operations(Workspace& workspace) {
  return {
      bind(declare_pull(), workspace, &Workspace::pull),     bind(declare_tables(), workspace, &Workspace::tables),
      bind(declare_show(), workspace, &Workspace::show),     bind(declare_history(), workspace, &Workspace::history),
      bind(declare_search(), workspace, &Workspace::search), bind(declare_ask(), workspace, &Workspace::ask),
      bind(declare_verify(), workspace, &Workspace::verify), bind(declare_fetch(), workspace, &Workspace::fetch),
      bind(declare_sql(), workspace, &Workspace::sql),       bind(declare_optimize(), workspace, &Workspace::optimize),
      bind(declare_tag(), workspace, &Workspace::tag),       bind(declare_restore(), workspace, &Workspace::restore),
      bind(declare_vacuum(), workspace, &Workspace::vacuum), bind(declare_diff(), workspace, &Workspace::diff),
      bind(declare_forget(), workspace, &Workspace::forget), bind(declare_link(), workspace, &Workspace::link),
      bind(declare_check(), workspace, &Workspace::check),   bind(declare_doctor(), workspace, &Workspace::doctor)};
}

}  // namespace tarn::workspace
