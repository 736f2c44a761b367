#include "workspace/operations/check.h"

namespace tarn::workspace {

using operation::Face;

operation::Declaration<CheckRequest, CheckReply> Check::declare() {
  operation::Operation o;
  o.name = "check";
  o.faces = {Face::cli, Face::network};
  o.doc = "check that stored data is whole: log, files, indexes, bookmarks";
  o.help = "Reads every byte. Exit code 1 when a problem was found; each comes with its remedy.";
  o.examples = {{"tarn check", "the whole lake"}, {"tarn check main.docs --json", "one table, for a program"}};
  o.list = "problems";
  return operation::declare<CheckRequest, CheckReply>(std::move(o), [](const CheckReply& r) { return r.ok ? 0 : 1; });
}

}  // namespace tarn::workspace
