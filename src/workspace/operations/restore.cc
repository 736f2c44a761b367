#include "workspace/operations/restore.h"

namespace tarn::workspace {

using base::Code;
using operation::Face;

operation::Declaration<RestoreRequest, RestoreReply> Restore::declare() {
  operation::Operation o;
  o.name = "restore";
  o.faces = {Face::cli, Face::network};
  o.doc = "make a table what it was at a version, a time or a tag";
  o.help = R"(Makes a new version with the rows, columns and bookmarks of the older one. Nothing is lost: what came
after stays in the history. Data files and index segments are used again as they are.)";
  o.examples = {{"tarn restore main.docs 12", "to a version"},
                {"tarn restore main.docs release-1", "to a tag"},
                {"tarn restore main.docs 2026-11-22T10:00:00Z", "to a time"}};
  o.errors = {{Code::not_found, "there is no such version, or its files are gone"},
              {Code::conflict, "a vacuum is under way, or others write all the time"}};
  o.read_only = false;
  return operation::declare<RestoreRequest, RestoreReply>(std::move(o));
}

}  // namespace tarn::workspace
