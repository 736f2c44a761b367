#include "workspace/operations/ask.h"

namespace tarn::workspace {

using base::Code;
using operation::Face;

operation::Declaration<AskRequest, AskReply> Ask::declare() {
  operation::Operation o;
  o.name = "ask";
  o.faces = {Face::cli, Face::model, Face::network};
  o.doc = "answer a question with quotes that were checked";
  o.help = R"(The answer is made of sentences of the documents, word for word. Each was read again from the lake, at
the version named, and compared before it is shown. The receipt proves it later: tarn verify RECEIPT. When nothing
relevant is found, it says so. With a model that has no calibration.json, whether there is an answer is judged by words
alone, and the reply is marked as uncalibrated.)";
  o.tool_help =
      "Answer a question with verbatim quotes from the lake's documents, each re-read and compared before it is "
      "returned. found is false when nothing relevant is there: say so then, and do not answer from memory as if it "
      "were quoted. calibrated is false when that was judged by words alone: be more careful then.";
  o.examples = {{"tarn ask 'How do I restore to a point in time?'", "quoted and checked"},
                {"tarn ask 'Which port does the server use?' --in main.docs --json", "for a program"}};
  o.errors = {{Code::not_found, "a table or version is not there"},
              {Code::corruption, "a document no longer matches its hash"}};
  o.list = "citations";
  o.read_only = false;  // it writes a receipt
  return operation::declare<AskRequest, AskReply>(std::move(o));
}

}  // namespace tarn::workspace
