#include "workspace/versions_declarations.h"

namespace tarn::workspace {

using base::Code;
using operation::declare;
using operation::Declared;
using operation::Operation;

Declared<TagRequest, TagReply> declare_tag() {
  Operation o;
  o.name = "tag";
  o.doc = "name versions and keep them; list or delete tags";
  o.help = R"(A tag names one version of a table, or the newest of every table, and keeps it: vacuum leaves what a tag
needs, for as long as the tag is there. Everything that takes --as-of takes a tag.)";
  o.examples = {{"tarn tag release-1", "every table as it is now"},
                {"tarn tag audit main.docs --version 12", "one version of one table"},
                {"tarn tag", "all tags"},
                {"tarn tag audit --delete", "give it up"}};
  o.errors = {{Code::already_exists, "there is a tag of that name"},
              {Code::not_found, "there is no such tag, table or version, or its files are gone"},
              {Code::conflict, "a vacuum is under way"}};
  o.read_only = false;
  o.list = "tags";
  return declare<TagRequest, TagReply>(std::move(o));
}

Declared<VacuumRequest, VacuumReply> declare_vacuum() {
  Operation o;
  o.name = "vacuum";
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
  return declare<VacuumRequest, VacuumReply>(std::move(o));
}

Declared<RestoreRequest, RestoreReply> declare_restore() {
  Operation o;
  o.name = "restore";
  o.doc = "make a table what it was at a version, a time or a tag";
  o.help = R"(Makes a new version with the rows, columns and bookmarks of the older one. Nothing is lost: what came
after stays in the history. Data files and index segments are used again as they are.)";
  o.examples = {{"tarn restore main.docs 12", "to a version"},
                {"tarn restore main.docs release-1", "to a tag"},
                {"tarn restore main.docs 2026-11-22T10:00:00Z", "to a time"}};
  o.errors = {{Code::not_found, "there is no such version, or its files are gone"},
              {Code::conflict, "a vacuum is under way, or others write all the time"}};
  o.read_only = false;
  return declare<RestoreRequest, RestoreReply>(std::move(o));
}

Declared<DiffRequest, DiffReply> declare_diff() {
  Operation o;
  o.name = "diff";
  o.tool = "diff";
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
  return declare<DiffRequest, DiffReply>(std::move(o));
}

Declared<ForgetRequest, ForgetReply> declare_forget() {
  Operation o;
  o.name = "forget";
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
  return declare<ForgetRequest, ForgetReply>(std::move(o));
}

Declared<LinkRequest, LinkReply> declare_link() {
  Operation o;
  o.name = "link";
  o.doc = "read a Delta table or Parquet folder that lies elsewhere";
  o.help = R"(It becomes a table of the lake without a copy and is never written. What others commit to it is seen at
the next read. With a text column it can be searched: its index lies in the lake, and the table has the columns id,
title, uri and body beside its own.)";
  o.examples = {{"tarn link /data/sales --as main.sales", "query it with SQL"},
                {"tarn link ./tickets --as tickets --text description --id number", "search it as well"},
                {"tarn link /data/clone --as main.clone --allow-outside", "a shallow clone, whose files lie elsewhere"},
                {"tarn link --as tickets --delete", "take the link away"}};
  o.errors = {{Code::not_found, "there is no such folder, or no table in it"},
              {Code::already_exists, "the lake has a table of that name"},
              {Code::invalid_argument, "a column is not there, or the folder lies in the lake"},
              {Code::permission_denied, "its log names files outside its folder"}};
  o.read_only = false;
  return declare<LinkRequest, LinkReply>(std::move(o));
}

}  // namespace tarn::workspace
