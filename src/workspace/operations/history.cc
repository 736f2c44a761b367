#include "workspace/operations/history.h"

namespace tarn::workspace {

using base::Code;
using operation::Face;

operation::Declaration<HistoryRequest, HistoryReply> History::declare() {
  operation::Operation o;
  o.name = "history";
  o.faces = {Face::cli, Face::network};
  o.doc = "list the versions of a table, newest first";
  o.examples = {{"tarn history main.docs", "the last 20"}, {"tarn history main.docs -n 3 --json", "for a program"}};
  o.errors = {{Code::not_found, "there is no such table"}};
  o.list = "versions";
  return operation::declare<HistoryRequest, HistoryReply>(std::move(o));
}

}  // namespace tarn::workspace
