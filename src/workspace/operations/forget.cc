#include "workspace/operations/forget.h"

namespace tarn::workspace {

using base::Code;
using operation::Face;

operation::Declaration<ForgetRequest, ForgetReply> Forget::declare() {
  operation::Operation o;
  o.name = "forget";
  o.faces = {Face::cli, Face::network};
  o.doc = "remove a row from every version, index, receipt and bookmark";
  o.help = R"(Stronger than tags and readers: afterwards no byte of the lake says what the row said. Live data files
are written anew without it, older ones that have it are removed; which versions can then no longer be read in full is
told. Done again after a crash it ends what it began. A source that still has the document brings it back with the
next pull: remove it there first.)";
  o.examples = {{"tarn forget intro.md --dry-run", "what would go"},
                {"tarn forget intro.md --in main.docs --yes", "without a question"}};
  o.errors = {{Code::not_found, "there is no such table"},
              {Code::conflict, "others write the row at the same time"},
              {Code::unsupported, "a table has a feature that Tarn does not write"}};
  o.read_only = false;
  o.destructive = true;
  o.list = "tables";
  return operation::declare<ForgetRequest, ForgetReply>(std::move(o));
}

}  // namespace tarn::workspace
