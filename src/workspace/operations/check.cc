#include "workspace/operations/check.h"

#include <fmt/format.h>

#include <algorithm>

#include "answer/receipt.h"
#include "answer/receipts.h"
#include "base/clock.h"
#include "index/verify.h"
#include "lake/originals.h"
#include "lake/table_name.h"
#include "lake/text_table.h"
#include "workspace/counts.h"
#include "workspace/databases.h"
#include "workspace/indexing.h"
#include "workspace/lake_store.h"
#include "workspace/last_pulls.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Result;
using base::Status;
using operation::Face;

namespace {

Status check_table(const Pinned& pinned, duck::Connection& connection, Indexing& indexing, CheckReply* reply,
                   const base::Context& context) {
  CheckedTable checked{pinned.name,
                       pinned.snapshot->version.value,
                       live_rows(*pinned.snapshot),
                       static_cast<int64_t>(pinned.snapshot->files.size()),
                       0,
                       0,
                       size_bytes(*pinned.snapshot)};
  TARN_ASSIGN(std::vector<lake::Finding> findings, pinned.table->check(connection, context));
  for (lake::Finding& finding : findings) {
    reply->problems.push_back({pinned.name, finding.where, finding.what,
                               "restore the file from a backup, or read an older version with --as-of"});
  }
  TARN_TRY(context.check());
  if (lake::is_text_table(pinned.snapshot->schema)) {
    TARN_ASSIGN(index::Indexer * builder, indexing.open());
    TARN_ASSIGN(index::Verification verified,
                index::verify(*pinned.table, *pinned.snapshot, *builder, connection, context));
    checked.segments = verified.segments;
    checked.passages = verified.passages;
    TARN_ASSIGN(std::vector<lake::Finding> files, index::verify_files(*pinned.table, context));
    for (lake::Finding& finding : verified.findings) {
      // The same file may be seen twice; the first says what is wrong with it as a whole.
      if (std::none_of(files.begin(), files.end(), [&](const auto& file) { return file.where == finding.where; })) {
        files.push_back(std::move(finding));
      }
    }
    for (lake::Finding& finding : files) {
      reply->problems.push_back(
          {pinned.name, finding.where, finding.what, "remove the file; the next pull or search builds it again"});
    }
  }
  reply->tables.push_back(std::move(checked));
  return base::ok();
}

// Which file keeps a table from being opened.
Status check_unopened(const std::string& name, Tables& tables, duck::Connection& connection, CheckReply* reply,
                      const base::Context& context) {
  TARN_ASSIGN(const lake::Environment environment, tables.lake_environment(false, false));
  const auto findings = lake::check_table(environment, lake::path_of_table(name), connection, context);
  TARN_TRY(context.check());
  if (!findings.ok()) return base::ok();  // the table's own error says it
  for (const lake::Finding& finding : *findings) {
    reply->problems.push_back({name, finding.where, finding.what, "restore the file from a backup"});
  }
  return base::ok();
}

// A receipt is named by the hash of its bytes.
Status check_receipts(store::Store& files, CheckReply* reply) {
  TARN_ASSIGN(const auto entries, files.list(answer::kReceipts));
  for (const store::Entry& entry : entries) {
    if (entry.is_directory) continue;
    const std::string path = fmt::format("{}/{}", answer::kReceipts, entry.name);
    const auto bytes = files.read(path);
    if (bytes.ok() && entry.name == answer::receipt_name(*bytes) + ".json") continue;
    reply->problems.push_back({"", path,
                               bytes.ok() ? "its bytes are not those that were written" : bytes.status().message(),
                               "restore the file from a backup, or ask again: tarn verify does not trust it"});
  }
  return base::ok();
}

Status check_originals(const lake::Environment& environment, duck::Connection& connection, CheckReply* reply,
                       const base::Context& context) {
  TARN_ASSIGN(const auto there, lake::list_originals(environment));
  TARN_ASSIGN(auto use, lake::originals_in_use(environment, connection, "", {}, context));
  for (const lake::Original& original : there) {
    TARN_TRY(context.check());
    use.of_others.erase(original.sha256);
    const auto bytes = lake::read_original(environment, original.sha256);
    if (bytes.ok()) continue;
    reply->problems.push_back(
        {"", lake::path_of_original(original.sha256), bytes.status().message(), bytes.status().hint()});
  }
  for (const std::string& missing : use.of_others) {
    reply->problems.push_back(
        {"", lake::path_of_original(missing), "a row names it, and it is not there", "restore the file from a backup"});
  }
  return base::ok();
}

}  // namespace

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

Result<CheckReply> Check::run(const CheckRequest& request, Tables& tables, LakeStore& lake, Databases& databases,
                              Indexing& indexing, const base::Context& context) {
  const base::Stopwatch stopwatch;
  std::vector<std::string> names = request.tables;
  if (names.empty()) {
    TARN_ASSIGN(store::Store * lake_store, lake.open());
    TARN_ASSIGN(names, lake::list_tables(*lake_store));
    for (std::string& name : names) name = lake::name_of_table(name);
  }
  TARN_ASSIGN(auto connection, databases.connect());
  CheckReply reply;
  for (const std::string& name : names) {
    TARN_TRY(context.check());
    const auto pinned = tables.pin(name, "", context);
    // A table that cannot be opened does not keep the others from being checked; one that was named and is not there is
    // no damage.
    if (!pinned.ok() && !request.tables.empty() && pinned.status().code() == base::Code::not_found) {
      return pinned.status();
    }
    const Status status = pinned.ok() ? check_table(*pinned, *connection, indexing, &reply, context) : pinned.status();
    TARN_TRY(context.check());
    if (status.ok()) continue;
    reply.problems.push_back({name, "", status.message(), status.hint()});
    if (!pinned.ok()) TARN_TRY(check_unopened(name, tables, *connection, &reply, context));
  }
  if (request.tables.empty()) {
    TARN_ASSIGN(store::Store * files, lake.open());
    TARN_TRY(check_receipts(*files, &reply));
    TARN_ASSIGN(const lake::Environment environment, tables.lake_environment(false, false));
    const Status originals = check_originals(environment, *connection, &reply, context);
    TARN_TRY(context.check());
    // A table that cannot be opened has been told already.
    if (!originals.ok() && reply.problems.empty()) return originals;
    for (std::string& path : damaged_last_pulls(*files)) {
      reply.problems.push_back({"", std::move(path), "its bytes are not those that were written",
                                "remove the file; the next pull of its source writes it again"});
    }
  }
  reply.ok = reply.problems.empty();
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

}  // namespace tarn::workspace
