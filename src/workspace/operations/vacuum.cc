#include "workspace/operations/vacuum.h"

namespace tarn::workspace {

using base::Code;
using operation::Face;

operation::Declaration<VacuumRequest, VacuumReply> Vacuum::declare() {
  operation::Operation o;
  o.name = "vacuum";
  o.faces = {Face::cli, Face::network};
  o.doc = "remove the files that no version worth keeping needs";
  o.help = R"(Removes data files, deletion vectors, change files, bookmarks and index segments that no version within
the retention has, no tag names and no reader holds. Versions older than that can then no longer be read in full.
Without --retain each table's own retention counts (delta.deletedFileRetentionDuration, else 7 days). A file that was
never committed stays an hour at least. Where no table is named, tables that were dropped longer ago go as well.)";
  o.examples = {{"tarn vacuum --dry-run", "what would go"},
                {"tarn vacuum main.docs --retain 30d --yes", "one table, without a question"}};
  o.errors = {{Code::not_found, "there is no such table, or a tag's version cannot be read"},
              {Code::invalid_argument, "the duration is none, or it was not confirmed"},
              {Code::unsupported, "the table has a feature that Tarn does not write"}};
  o.read_only = false;
  o.destructive = true;
  o.list = "tables";
  return operation::declare<VacuumRequest, VacuumReply>(std::move(o));
}

}  // namespace tarn::workspace
