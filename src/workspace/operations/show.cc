#include "workspace/operations/show.h"

namespace tarn::workspace {

using base::Code;
using operation::Face;

operation::Declaration<ShowRequest, ShowReply> Show::declare() {
  operation::Operation o;
  o.name = "show";
  o.tool = "describe_table";
  o.faces = {Face::cli, Face::model, Face::network};
  o.doc = "describe a table: columns, sources, indexes";
  o.tool_help =
      "Describe one table: its columns and their SQL types, rows, version, sources, and what it can be searched by.";
  o.examples = {{"tarn show main.docs", "what is in it"}, {"tarn show docs --json", "the same for a program"}};
  o.errors = {{Code::not_found, "there is no such table"}};
  return operation::declare<ShowRequest, ShowReply>(std::move(o));
}

}  // namespace tarn::workspace
