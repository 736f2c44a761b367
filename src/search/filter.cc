#include "search/filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "duck/statements.h"
#include "lake/present_rows.h"
#include "lake/table_name.h"

namespace tarn::search {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr const char* kHint = "a filter is a SQL condition on the table's columns, such as lang = 'en'";

// With these a subquery begins, behind a parenthesis or as the whole text.
constexpr std::array<std::string_view, 12> kQueries = {"select",   "from", "with",      "values", "table",   "show",
                                                       "describe", "desc", "summarize", "pivot",  "unpivot", "explain"};

Status refused(std::string_view what) { return {Code::invalid_argument, fmt::format("filter: {}", what), kHint}; }

// The rows of `all` that the condition holds for, by file and row. These two columns are Tarn's: the condition's words
// name neither (see check_condition), and COLUMNS(…), which could catch them by a pattern, looks at a row without them,
// which is slower.
Result<std::unique_ptr<duck::Rows>> rows_of(const std::string& condition, const Target& target, const std::string& all,
                                            duck::Connection& locked) {
  const delta::Snapshot& snapshot = target.live->snapshot();
  const std::string name = duck::quote_name(lake::name_within(target.name));
  std::string columns, of_row;
  for (const delta::Field& field : snapshot.schema) {
    const std::string column = duck::quote_name(field.name);
    columns += (columns.empty() ? "" : ", ") + column;
    of_row += fmt::format("{}tarn_rows.{} AS {}", of_row.empty() ? "" : ", ", column, column);
  }
  auto rows = duck::has_word(condition, "columns")
                  ? locked.query_where(
                        target.name,
                        fmt::format("SELECT tarn_rows.tarn_file, tarn_rows.tarn_row FROM ({}) AS tarn_rows WHERE "
                                    "EXISTS (SELECT 1 FROM (SELECT {}) AS {}",
                                    all, of_row, name),
                        condition, ")")
                  : locked.query_where(target.name,
                                       fmt::format("SELECT tarn_file, tarn_row FROM ({}) AS {}", all, name), condition);
  if (rows.ok() || rows.status().code() != Code::invalid_argument) return rows;
  // DuckDB proposes columns that may have been meant: of the table's own only.
  const auto told = locked.query_where(
      target.name, fmt::format("SELECT 1 FROM (SELECT {} FROM ({})) AS {}", columns, all, name), condition);
  return told.ok() ? rows.status() : told.status();
}

}  // namespace

Status check_condition(std::string_view condition) {
  duck::Scanner scanner(condition);
  int depth = 0;
  bool may_begin_query = true, empty = true;
  while (true) {
    const duck::Token token = scanner.next();
    if (!token.closed) return refused("a string, name or comment is not closed");
    if (token.ambiguous) return refused("a character beyond ASCII stands where it may begin a string or a word");
    if (token.kind == duck::TokenKind::end) break;
    if (token.kind == duck::TokenKind::semicolon) return refused("a semicolon ends it: one condition is wanted");
    empty = false;
    if (const std::string name = duck::unquote_name(token.text);
        duck::equal_names(name, "tarn_file") || duck::equal_names(name, "tarn_row")) {
      return refused(fmt::format("there is no column '{}'", name));
    }
    const bool opens = token.kind == duck::TokenKind::symbol && token.text == "(";
    if (opens) ++depth;
    if (token.kind == duck::TokenKind::symbol && token.text == ")" && --depth < 0) {
      return refused("a parenthesis is closed that was not opened");
    }
    if (token.kind == duck::TokenKind::word && may_begin_query &&
        std::any_of(kQueries.begin(), kQueries.end(),
                    [&](std::string_view w) { return duck::equal_names(w, token.text); })) {
      return refused(fmt::format("'{}' begins a query: only the columns of the row itself may be asked", token.text));
    }
    may_begin_query = opens;
  }
  if (empty) return refused("there is no condition in it");
  return depth == 0 ? base::ok() : refused("a parenthesis is not closed");
}

Result<Allowed> allowed_by(const std::string& condition, const std::vector<Target>& targets, duck::Connection& locked) {
  TARN_TRY(check_condition(condition));
  Allowed allowed;
  for (const Target& target : targets) {
    const auto& segments = target.live->segments();
    std::map<std::string_view, size_t> by_file;
    std::vector<index::Bitmap> bitmaps(segments.size());
    for (size_t s = 0; s < segments.size(); ++s) {
      by_file[segments[s].file.path] = s;
      bitmaps[s].resize((segments[s].lexical->passage_count() + 63) / 64 + 1);
    }
    TARN_ASSIGN(const lake::Select all, lake::select_present(*target.table, target.live->snapshot(), true));
    auto rows = rows_of(condition, target, all.sql, locked);
    if (!rows.ok()) return rows.status().with_context("filter").with_hint(kHint);
    while (true) {
      TARN_ASSIGN(const duck::Chunk* chunk, (*rows)->next());
      if (!chunk) break;
      for (size_t i = 0; i < chunk->rows(); ++i) {
        const auto found = by_file.find(chunk->text(0, i));
        if (found == by_file.end()) continue;
        const index::LexicalSegment& segment = *segments[found->second].lexical;
        const uint32_t document = segment.document_of_row(base::RowIndex(chunk->integer(1, i)));
        if (document == segment.document_count()) continue;
        const auto passages = segment.document(document);
        for (uint32_t p = passages.first_passage; p < passages.passage_end; ++p) {
          bitmaps[found->second][p / 64] |= uint64_t{1} << (p % 64);
        }
      }
    }
    allowed.push_back(std::move(bitmaps));
  }
  return allowed;
}

}  // namespace tarn::search
