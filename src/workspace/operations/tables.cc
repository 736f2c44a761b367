#include "workspace/operations/tables.h"

namespace tarn::workspace {

using operation::Face;

operation::Declaration<TablesRequest, TablesReply> ListTables::declare() {
  operation::Operation o;
  o.name = "tables";
  o.tool = "list_tables";
  o.faces = {Face::cli, Face::model, Face::network};
  o.doc = "list the tables of the lake";
  o.tool_help = "List the tables of the lake with their version and number of rows. Start here to learn what there is.";
  o.examples = {{"tarn tables", "names, versions, rows"}, {"tarn tables --as-of 2026-11-01", "as they were"}};
  o.list = "tables";
  return operation::declare<TablesRequest, TablesReply>(
      std::move(o), [](const TablesReply& r) { return r.tables.empty() && !r.unreadable.empty() ? 1 : 0; });
}

}  // namespace tarn::workspace
