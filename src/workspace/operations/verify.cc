#include "workspace/operations/verify.h"

namespace tarn::workspace {

using base::Code;
using operation::Face;

operation::Declaration<VerifyRequest, VerifyReply> Verify::declare() {
  operation::Operation o;
  o.name = "verify";
  o.faces = {Face::cli};
  o.doc = "check an answer again from its receipt";
  o.help = R"(Reads every quote again at the version that it was taken from, and says whether it still stands in the
newest version. Exit code 0: every quote stands at its version; 1: one does not, or the receipt was altered.)";
  o.examples = {{"tarn verify receipt.json", "a receipt that tarn ask wrote"}};
  o.errors = {{Code::not_found, "the receipt is not there"}, {Code::corruption, "it is not a receipt, or was altered"}};
  o.list = "quotes";
  return operation::declare<VerifyRequest, VerifyReply>(std::move(o),
                                                        [](const VerifyReply& r) { return r.ok ? 0 : 1; });
}

}  // namespace tarn::workspace
