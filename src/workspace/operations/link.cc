#include "workspace/operations/link.h"

namespace tarn::workspace {

using base::Code;
using operation::Face;

operation::Declaration<LinkRequest, LinkReply> Link::declare() {
  operation::Operation o;
  o.name = "link";
  o.faces = {Face::cli};
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
  return operation::declare<LinkRequest, LinkReply>(std::move(o));
}

}  // namespace tarn::workspace
