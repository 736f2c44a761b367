#include "workspace/operations/diff.h"

namespace tarn::workspace {

using base::Code;
using operation::Face;

operation::Declaration<DiffRequest, DiffReply> Diff::declare() {
  operation::Operation o;
  o.name = "diff";
  o.faces = {Face::cli, Face::model, Face::network};
  o.doc = "show which rows differ between two versions, and how";
  o.help = R"(Rows are told apart by id, where the table has one, else as a whole. Of a text the words that changed
are shown with what stands around them. Only data files that the two versions do not share are read.)";
  o.tool_help =
      "Show what changed in a table between two versions (A..B; versions, times or tags): rows added, removed and "
      "changed, with the words that changed in texts.";
  o.examples = {{"tarn diff main.docs 11..12", "what version 12 changed"},
                {"tarn diff main.docs release-1..", "since a tag"},
                {"tarn diff main.docs 2026-11-01..2026-11-22 --json", "between two days, for a program"}};
  o.errors = {{Code::not_found, "there is no such table, version or tag, or its files are gone"},
              {Code::invalid_argument, "the versions are not written as A..B"}};
  o.list = "rows";
  return operation::declare<DiffRequest, DiffReply>(std::move(o));
}

}  // namespace tarn::workspace
