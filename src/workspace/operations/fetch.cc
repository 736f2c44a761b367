#include "workspace/operations/fetch.h"

namespace tarn::workspace {

using base::Code;
using operation::Face;

operation::Declaration<FetchRequest, FetchReply> Fetch::declare() {
  operation::Operation o;
  o.name = "fetch";
  o.faces = {Face::cli, Face::model, Face::network};
  o.doc = "print one document";
  o.tool_help = "Get one whole document by the id that search returned: its text (Markdown), title, url and metadata.";
  o.examples = {{"tarn fetch main.docs/intro.md", "its body"},
                {"tarn fetch intro.md --table main.docs --json", "with its other columns"}};
  o.errors = {{Code::not_found, "no document has this id"}};
  return operation::declare<FetchRequest, FetchReply>(std::move(o));
}

}  // namespace tarn::workspace
