#include "workspace/operations/ask.h"

#include <fmt/format.h>

#include "answer/receipt.h"
#include "answer/receipts.h"
#include "base/clock.h"
#include "workspace/databases.h"
#include "workspace/lake_store.h"
#include "workspace/retrieval.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;
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

Result<AskReply> Ask::run(const AskRequest& request, Tables& tables, Retrieval& retrieval, Databases& databases,
                          LakeStore& lake, const base::Context& context) {
  const base::Stopwatch stopwatch;
  const auto lease = tables.reading();
  std::vector<PassedOver> passed_over;
  TARN_ASSIGN(std::vector<search::Target> all,
              retrieval.targets(request.in, request.as_of, true, context, &passed_over));
  const search::Environment environment = retrieval.environment();
  answer::Request inner{request.question, search::Mode::hybrid, request.filter, static_cast<size_t>(request.k)};
  TARN_ASSIGN(auto connection, databases.connect());
  TARN_ASSIGN(answer::Reply answered, answer::ask(inner, all, environment, *connection, context));

  AskReply reply;
  reply.query = request.question;
  reply.mode = search::mode_name(answered.mode);
  for (const search::Target& target : all) reply.tables.push_back(to_pinned(target, environment.encoder != nullptr));
  reply.found = answered.found;
  reply.calibrated = answered.calibrated;
  reply.answer = answered.answer;
  if (!answered.reason.empty()) reply.reason = answered.reason;
  reply.notes = retrieval.notes(all, passed_over, "hybrid", answered.mode);
  if (!answered.calibrated) {
    reply.notes.push_back(
        "uncalibrated: the model has no calibration.json, so whether there is an answer was judged by words alone");
  }
  for (const std::string& withheld : answered.withheld) reply.notes.push_back("a quote was withheld: " + withheld);
  if (answered.found) {
    const std::string receipt = answer::write_receipt(
        answer::make_receipt(inner, answered, all, environment, base::format_utc(base::system_clock().now_us()),
                             "tarn " TARN_VERSION, context.principal));
    TARN_ASSIGN(store::Store * lake_store, lake.open());
    const std::string path = fmt::format("{}/{}.json", answer::kReceipts, answer::receipt_name(receipt));
    const Status written = lake_store->put(path, receipt);
    if (written.ok()) {
      reply.receipt = lake_store->address(path);
    } else {
      reply.notes.push_back("no receipt was written: " + written.message());
    }
  }
  reply.hits = std::move(answered.hits);
  reply.parts = std::move(answered.parts);
  reply.citations = std::move(answered.citations);
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

}  // namespace tarn::workspace
