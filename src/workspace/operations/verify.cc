#include "workspace/operations/verify.h"

#include <fmt/format.h>

#include <filesystem>

#include "answer/receipt.h"
#include "answer/receipts.h"
#include "workspace/databases.h"
#include "workspace/lake_store.h"
#include "workspace/retrieval.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;
using operation::Face;

namespace {

constexpr size_t kMaxReceiptBytes = size_t{16} << 20;

}  // namespace

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

Result<VerifyReply> Verify::run(const VerifyRequest& request, Tables& tables, Databases& databases, LakeStore& lake,
                                const base::Context& context) {
  // A path, or the name that a receipt of this lake has.
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path path = request.receipt;
  if (!fs::exists(path, error) && path.filename() == path) {
    path = fs::path(lake.directory()) / answer::kReceipts /
           (path.extension() == ".json" ? path : fs::path(request.receipt + ".json"));
  }
  if (!fs::is_regular_file(path, error)) {
    return Status(Code::not_found, fmt::format("there is no receipt at {}", request.receipt),
                  "tarn ask prints the path of the receipt that it wrote");
  }
  if (fs::file_size(path, error) > kMaxReceiptBytes) {
    return Status(Code::exhausted,
                  fmt::format("{} is over the limit of {} bytes for a receipt", path.string(), kMaxReceiptBytes));
  }
  TARN_ASSIGN(auto folder, store::open_local(path.parent_path().empty() ? "." : path.parent_path().string()));
  TARN_ASSIGN(std::string bytes, folder->read(path.filename().string()));
  const auto parsed = answer::read_receipt(bytes);
  if (!parsed.ok()) return parsed.status().with_context(path.string());

  const auto lease = tables.reading();
  VerifyReply reply;
  reply.receipt = path.string();
  reply.question = parsed->receipt.question;
  reply.answered_at = parsed->receipt.answered_at;
  reply.ok = parsed->unharmed;
  reply.current = parsed->unharmed;
  if (!parsed->unharmed) {
    reply.problems.push_back("the receipt was changed after it was written: its content does not match its hash");
  }
  TARN_ASSIGN(auto connection, databases.connect());
  for (size_t i = 0; i < parsed->receipt.quotes.size(); ++i) {
    TARN_TRY(context.check());
    const answer::ReceiptQuote& quote = parsed->receipt.quotes[i];
    const auto found = tables.open(quote.table, {}, context);
    const answer::Standing standing = answer::verify_quote(quote, found.ok() ? found->get() : nullptr, *connection);
    VerifiedQuote verified{static_cast<int64_t>(i + 1),
                           quote.table,
                           quote.version,
                           quote.id,
                           quote.title,
                           quote.uri,
                           quote.quote,
                           std::string(answer::name(standing.then)),
                           std::string(answer::name(standing.now)),
                           {},
                           to_anchor(quote.anchor)};
    if (!standing.note.empty()) verified.note = standing.note;
    reply.ok = reply.ok && standing.then == answer::Then::stands;
    reply.current = reply.current && (standing.now == answer::Now::stands || standing.now == answer::Now::moved);
    reply.quotes.push_back(std::move(verified));
  }
  return reply;
}

}  // namespace tarn::workspace
