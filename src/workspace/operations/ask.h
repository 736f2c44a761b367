// ask: a question answered with quotes that were checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "answer/ask.h"
#include "operation/operation.h"
#include "workspace/operations/fields.h"
#include "workspace/operations/hit.h"

namespace tarn::workspace {

class Databases;
class LakeStore;
class Retrieval;
class Tables;

struct AskRequest {
  std::string question;
  std::vector<std::string> in;
  std::string filter;
  std::string as_of;
  int64_t k = 10;  // hits that the answer may be taken from
};
struct AskReply {
  std::string query, mode;
  double took_ms = 0;
  std::vector<PinnedTable> tables;
  std::vector<search::Hit> hits;
  bool found = false;
  bool calibrated = true;             // false: the encoder's model has no calibration.json
  std::optional<std::string> reason;  // why nothing was found, of the question or of one of its parts
  std::vector<answer::Part> parts;    // of a question that holds several; else empty
  std::string answer;                 // sentences, each followed by its markers "[1]"; "" when not found
  std::vector<answer::Citation> citations;
  std::optional<std::string> receipt;  // path of the file; null when not found
  std::vector<std::string> notes;
};

struct Ask {
  static operation::Declaration<AskRequest, AskReply> declare();
  static base::Result<AskReply> run(const AskRequest& request, Tables& tables, Retrieval& retrieval,
                                    Databases& databases, LakeStore& lake, const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::AskRequest> {
  static auto fields() {
    using R = workspace::AskRequest;
    return std::tuple{
        field("question", &R::question, "a question in plain words").required().positional().words().max_bytes(65536),
        in_field(&R::in),
        filter_field(&R::filter),
        as_of_field(&R::as_of),
        field("k", &R::k, "answer from at most so many documents").between(1, 100).letter('k').metavar("N"),
    };
  }
};
template <>
struct Codec<answer::Span> {
  using Pair = std::pair<size_t, size_t>;
  static Shape shape() { return Codec<Pair>::shape(); }
  static void read(const json::Value& from, answer::Span& to) {
    Pair pair;
    Codec<Pair>::read(from, pair);
    to = {pair.first, pair.second};
  }
  static json::Value write(const answer::Span& from) { return Codec<Pair>::write({from.start, from.end}); }
};
template <>
struct Describe<answer::Columns> {
  static auto fields() {
    using R = answer::Columns;
    return std::tuple{
        field("text", &R::text, "the row that names the columns"),
        field("span", &R::span, "[start, end) bytes of it in body"),
    };
  }
};
template <>
struct Describe<answer::Citation> {
  static auto fields() {
    using R = answer::Citation;
    return std::tuple_cat(
        std::tuple{field("marker", &R::marker, "the [n] in the answer")}, Describe<search::Hit>::fields(),
        std::tuple{
            field("quote", &R::quote, "the words, re-read from the lake and compared"),
            field("span", &R::span, "[start, end) bytes of the quote in body"),
            field("version", &R::version, "the table's version that was quoted"),
            field("hash", &R::hash, "of body at that version"),
            field("columns", &R::columns, "of a table's row: what names its columns").omit_empty(),
            field("anchor", &R::anchor, "the quote's place in the source, where it is known").omit_empty(),
        });
  }
};
template <>
struct Describe<answer::Part> {
  static auto fields() {
    using R = answer::Part;
    return std::tuple{
        field("question", &R::question, "one of the questions that the question holds"),
        field("found", &R::found, "false: nothing in the lake answers it"),
        field("reason", &R::reason, "why nothing was found").omit_empty(),
        field("markers", &R::markers, "the [n] that answer it"),
    };
  }
};
template <>
struct Describe<workspace::AskReply> {
  static auto fields() {
    using R = workspace::AskReply;
    return std::tuple{
        field("query", &R::query, "the question as given"),
        field("mode", &R::mode, "how the evidence was looked for"),
        took_field(&R::took_ms),
        field("tables", &R::tables, "what was searched, at which version"),
        field("hits", &R::hits, "the evidence, best first"),
        field("found", &R::found, "false: nothing relevant is in the lake"),
        field("calibrated", &R::calibrated,
              "false: the model has no calibration.json, so found was judged by words alone"),
        field("reason", &R::reason, "why nothing was found, of the question or of one of its parts"),
        field("parts", &R::parts, "of two questions in one: what became of each").omit_empty(),
        field("answer", &R::answer, "sentences, each followed by its [n]"),
        field("citations", &R::citations, "what each [n] stands for"),
        field("receipt", &R::receipt, "file with which the answer can be verified"),
        field("notes", &R::notes, "what limits this reply").omit_empty(),
    };
  }
};

}  // namespace tarn::operation
