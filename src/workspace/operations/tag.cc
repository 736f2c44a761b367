#include "workspace/operations/tag.h"

namespace tarn::workspace {

using base::Code;
using operation::Face;

operation::Declaration<TagRequest, TagReply> Tag::declare() {
  operation::Operation o;
  o.name = "tag";
  o.faces = {Face::cli, Face::network};
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
  return operation::declare<TagRequest, TagReply>(std::move(o));
}

}  // namespace tarn::workspace
