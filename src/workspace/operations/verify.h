// verify: an answer again from its receipt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "operation/operation.h"
#include "workspace/operations/hit.h"

namespace tarn::workspace {

class Databases;
class LakeStore;
class Tables;

struct VerifyRequest {
  std::string receipt;  // a path
};
struct VerifiedQuote {
  int64_t marker = 0;
  std::string table;
  int64_t version = 0;
  std::string id, title, uri, quote;
  std::string then;  // at its version: "stands", "altered" (bytes differ), "unreadable" (version or file is gone)
  // In the newest version: "stands", "moved" (same words, other place), "changed", "deleted", "unreadable".
  std::string now;
  std::optional<std::string> note;
  std::optional<document::Anchor> anchor = {};  // where it began when it was quoted
};
struct VerifyReply {
  std::string receipt, question, answered_at;
  bool ok = false;       // the receipt is unharmed and every quote stands at its version
  bool current = false;  // every quote stands (or moved) in the newest version too
  std::vector<VerifiedQuote> quotes;
  std::vector<std::string> problems;  // with the receipt itself
};

struct Verify {
  static operation::Declaration<VerifyRequest, VerifyReply> declare();
  static base::Result<VerifyReply> run(const VerifyRequest& request, Tables& tables, Databases& databases,
                                       LakeStore& lake, const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::VerifyRequest> {
  static auto fields() {
    using R = workspace::VerifyRequest;
    return std::tuple{field("receipt", &R::receipt, "the receipt's file").required().positional().max_bytes(4096)};
  }
};
template <>
struct Describe<workspace::VerifiedQuote> {
  static auto fields() {
    using R = workspace::VerifiedQuote;
    return std::tuple{
        field("marker", &R::marker, "the [n] in the answer"),
        field("table", &R::table, "namespace.name"),
        field("version", &R::version, "the version that was quoted"),
        field("id", &R::id, "document id"),
        field("title", &R::title, "the document's title"),
        field("uri", &R::uri, "where the document was"),
        field("quote", &R::quote, "the words"),
        field("then", &R::then, "at its version: stands, altered, unreadable"),
        field("now", &R::now, "in the newest version: stands, moved, changed, deleted, unreadable"),
        field("note", &R::note, "more about it").omit_empty(),
        field("anchor", &R::anchor, "its place in the source, when it was quoted").omit_empty(),
    };
  }
};
template <>
struct Describe<workspace::VerifyReply> {
  static auto fields() {
    using R = workspace::VerifyReply;
    return std::tuple{
        field("receipt", &R::receipt, "the file"),
        field("question", &R::question, "what was asked"),
        field("answered_at", &R::answered_at, "when"),
        field("ok", &R::ok, "the receipt is unharmed and every quote stands at its version"),
        field("current", &R::current, "every quote stands in the newest version too"),
        field("quotes", &R::quotes, "one by one"),
        field("problems", &R::problems, "with the receipt itself").omit_empty(),
    };
  }
};

}  // namespace tarn::operation
