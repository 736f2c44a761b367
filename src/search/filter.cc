#include "search/filter.h"

#include <fmt/format.h>

#include <map>

namespace tarn::search {

using base::Result;

Result<Allowed> allowed_by(const std::string& condition, const std::vector<Target>& targets, duck::Connection& locked) {
  Allowed allowed;
  for (const Target& target : targets) {
    const auto& segments = target.live->segments();
    std::map<std::string_view, size_t> by_file;
    std::vector<index::Bitmap> bitmaps(segments.size());
    for (size_t s = 0; s < segments.size(); ++s) {
      by_file[segments[s].file.path] = s;
      bitmaps[s].resize((segments[s].lexical->passage_count() + 63) / 64 + 1);
    }
    TARN_ASSIGN(std::string rows_sql, target.table->select_sql(target.live->snapshot(), {}, true));
    // The condition stands on lines of its own, so that a comment in it ends where it should.
    auto rows = locked.query(fmt::format("SELECT tarn_file, tarn_row FROM ({}) WHERE (\n{}\n)", rows_sql, condition));
    if (!rows.ok())
      return rows.status().with_context("filter").with_hint(
          "a filter is a SQL condition on the table's columns, such as lang = 'en'");
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
