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

struct Found {
  std::string where, bytes;
};
Result<Found> read_receipt_in(const store::Store& store, const std::string& path, const std::string& where) {
  TARN_ASSIGN(const store::Entry entry, store.stat(path));
  if (entry.size_bytes > kMaxReceiptBytes) {
    return Status(Code::exhausted,
                  fmt::format("{} is over the limit of {} bytes for a receipt", where, kMaxReceiptBytes));
  }
  TARN_ASSIGN(std::string bytes, store.read(path));
  return Found{where, std::move(bytes)};
}

// A file of this machine, or a receipt of this lake by its name or as ask told it.
Result<Found> find_receipt(const std::string& given, LakeStore& lake) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path path = given;
  if (fs::is_regular_file(path, error)) {
    TARN_ASSIGN(const auto folder, store::open_local(path.parent_path().empty() ? "." : path.parent_path().string()));
    return read_receipt_in(*folder, path.filename().string(), path.string());
  }
  if (const auto opened = lake.open(); opened.ok() && !path.filename().empty()) {
    const store::Store& lake_store = **opened;
    std::string name = path.filename().string();
    if (path.extension() != ".json") name += ".json";
    const std::string there = fmt::format("{}/{}", answer::kReceipts, name);
    const bool named = path.filename() == path || given == lake_store.address(there);
    if (named && store::exists(lake_store, there)) {
      return read_receipt_in(lake_store, there, lake_store.address(there));
    }
  }
  return Status(Code::not_found, fmt::format("there is no receipt at {}", given),
                "tarn ask prints the path of the receipt that it wrote");
}

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
  TARN_ASSIGN(const Found found, find_receipt(request.receipt, lake));
  const auto parsed = answer::read_receipt(found.bytes);
  if (!parsed.ok()) return parsed.status().with_context(found.where);

  const auto lease = tables.reading();
  VerifyReply reply;
  reply.receipt = found.where;
  reply.question = parsed->receipt.question;
  reply.answered_at = parsed->receipt.answered_at;
  reply.ok = parsed->unharmed;
  reply.current = parsed->unharmed;
  if (!parsed->unharmed) {
    reply.problems.push_back("the receipt was changed after it was written: its content does not match its hash");
  }
  TARN_ASSIGN(auto connection, databases.connect());
  answer::CheckedFiles files;
  for (size_t i = 0; i < parsed->receipt.quotes.size(); ++i) {
    TARN_TRY(context.check());
    const answer::ReceiptQuote& quote = parsed->receipt.quotes[i];
    const auto table = tables.open(quote.table, {}, context);
    const answer::Standing standing =
        answer::verify_quote(quote, table.ok() ? table->get() : nullptr, files, *connection);
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
                           quote.anchor};
    if (!standing.note.empty()) verified.note = standing.note;
    reply.ok = reply.ok && standing.then == answer::Then::stands;
    reply.current = reply.current && (standing.now == answer::Now::stands || standing.now == answer::Now::moved);
    reply.quotes.push_back(std::move(verified));
  }
  return reply;
}

}  // namespace tarn::workspace
