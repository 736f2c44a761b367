#include "workspace/operations/pull.h"

#include "connector/descriptor.h"

namespace tarn::workspace {

using base::Code;
using operation::Face;

std::vector<operation::FieldShape> source_options() { return connector::every_option(); }

operation::Declaration<PullRequest, PullReply> Pull::declare() {
  operation::Operation o;
  o.name = "pull";
  o.faces = {Face::cli};
  o.doc = "bring a source into a table, or the table up to date";
  o.help = R"(Reads what is new or changed, notices what was renamed or deleted, and commits rows, deletions and the
source's bookmark together. What is committed can be searched at once. A second pull of an unchanged source writes
nothing. A pull that was stopped goes on where it stopped. What cannot be read is rejected; what is of a kind that is
not read, such as a picture, is skipped: both are kept with the reason in the table tarn.rejects. A folder's
.gitignore and .tarnignore files are obeyed, and in a repository those above it. Where a folder lies within one
that is pulled into the same table, each file is one row, whichever is pulled. Exit code 1 when an item was rejected;
the rest is committed.)";
  o.examples = {
      {"tarn pull ~/notes", "a folder into main.docs"},
      {"tarn pull ./manual --into main.manual --include '**/*.html'", "some files of it into a table of their own"},
      {"tarn pull ~/notes --dry-run", "what would change"},
      {"tarn pull ~/notes --as 'markdown:*.qmd'", "files of another name as Markdown, now and later"},
      {"tarn pull ~/notes --watch", "keep the table up to date"}};
  o.errors = {{Code::not_found, "the source is not there"},
              {Code::conflict, "another pull of this source is running"},
              {Code::exhausted, "the disk is full; what was committed stays"}};
  o.read_only = false;
  o.summary = true;
  o.list = "rejects";
  return operation::declare<PullRequest, PullReply>(std::move(o),
                                                    [](const PullReply& r) { return r.rejected == 0 ? 0 : 1; });
}

}  // namespace tarn::workspace
