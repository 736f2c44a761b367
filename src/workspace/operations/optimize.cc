#include "workspace/operations/optimize.h"

namespace tarn::workspace {

using operation::Face;

operation::Declaration<OptimizeRequest, OptimizeReply> Optimize::declare() {
  operation::Operation o;
  o.name = "optimize";
  o.faces = {Face::cli, Face::network};
  o.doc = "merge small data files and their index segments";
  o.help = "Older versions stay readable. Nothing is encoded again.";
  o.examples = {
      {"tarn optimize", "every table"},
      {"tarn optimize main.docs", "one of them"},
      {"tarn optimize main.log --by time", "all of it in the order of a column, which queries by it skip files by"}};
  o.read_only = false;
  o.summary = true;
  o.list = "tables";
  return operation::declare<OptimizeRequest, OptimizeReply>(std::move(o));
}

}  // namespace tarn::workspace
