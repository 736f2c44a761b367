#include "workspace/registry.h"

#include "workspace/operations.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

template <typename Op>
operation::Bound bind(Workspace& workspace,
                      base::Result<operation::ReplyOf<Op>> (Workspace::*method)(const operation::RequestOf<Op>&,
                                                                                const base::Context&)) {
  return operation::bind<Op>(
      [&workspace, method](const operation::RequestOf<Op>& request, const base::Context& context) {
        return (workspace.*method)(request, context);
      });
}

}  // namespace

std::vector<operation::Bound> bind_operations(Workspace& workspace) {
  return {bind<Pull>(workspace, &Workspace::pull),       bind<ListTables>(workspace, &Workspace::tables),
          bind<Show>(workspace, &Workspace::show),       bind<History>(workspace, &Workspace::history),
          bind<Search>(workspace, &Workspace::search),   bind<Ask>(workspace, &Workspace::ask),
          bind<Verify>(workspace, &Workspace::verify),   bind<Fetch>(workspace, &Workspace::fetch),
          bind<Sql>(workspace, &Workspace::sql),         bind<Tag>(workspace, &Workspace::tag),
          bind<Restore>(workspace, &Workspace::restore), bind<Vacuum>(workspace, &Workspace::vacuum),
          bind<Diff>(workspace, &Workspace::diff),       bind<Forget>(workspace, &Workspace::forget),
          bind<Link>(workspace, &Workspace::link),       bind<Optimize>(workspace, &Workspace::optimize),
          bind<Check>(workspace, &Workspace::check),     bind<Doctor>(workspace, &Workspace::doctor)};
}

}  // namespace tarn::workspace
