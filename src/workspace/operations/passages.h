// passages(): the passages that a table is indexed by, in SQL.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workspace/operations/fields.h"

namespace tarn::workspace {

class Retrieval;

struct PassagesRequest {
  std::string table;
  std::string as_of;
};
struct PassageRow {
  std::string id;
  int64_t ordinal = 0;  // in its document
  std::vector<std::string> heading;
  int64_t span_start = 0, span_end = 0;
  std::string passage;
};
struct PassagesReply {
  std::vector<PassageRow> passages;
};

struct Passages {
  using Row = PassageRow;
  using Piece = PassageRow;
  static operation::Declaration<PassagesRequest, PassagesReply> declare();
  static base::Result<PassagesReply> run(const PassagesRequest& request, Retrieval& retrieval,
                                         const operation::Sink<Piece>& sink, const base::Context& context);
  static const std::vector<Row>& rows(const PassagesReply& reply) { return reply.passages; }
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::PassagesRequest> {
  static auto fields() {
    using R = workspace::PassagesRequest;
    return std::tuple{
        field("table", &R::table, "namespace.name, or a name in main").required().positional(),
        as_of_field(&R::as_of),
    };
  }
};
template <>
struct Describe<workspace::PassageRow> {
  static auto fields() {
    using R = workspace::PassageRow;
    return std::tuple{
        field("id", &R::id, "document id"),
        field("ordinal", &R::ordinal, "its place in the document, from 0"),
        field("heading", &R::heading, "path of headings, outermost first"),
        field("span_start", &R::span_start, "first byte in body"),
        field("span_end", &R::span_end, "byte after the last in body"),
        field("passage", &R::passage, "its text"),
    };
  }
};
template <>
struct Describe<workspace::PassagesReply> {
  static auto fields() {
    return std::tuple{field("passages", &workspace::PassagesReply::passages, "of the live rows")};
  }
};

}  // namespace tarn::operation
