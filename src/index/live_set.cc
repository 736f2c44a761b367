#include "index/live_set.h"

#include <algorithm>
#include <map>

namespace tarn::index {

using base::PassageOrdinal;
using base::Result;

Result<std::shared_ptr<const LiveSet>> LiveSet::open(const lake::Table& table, std::shared_ptr<const lake::Snapshot> snapshot,
                                                     const Indexer& indexer) {
  std::shared_ptr<LiveSet> live(new LiveSet());
  live->snapshot_ = std::move(snapshot);
  int64_t rows = 0, lexical_rows = 0, semantic_rows = 0;
  for (const auto& [path, file] : live->snapshot_->files) {
    Segment segment;
    segment.file = file;
    auto lexical = indexer.open_lexical(table, file);
    TARN_ASSIGN(segment.deleted_rows, table.deleted_rows(file));
    const auto deleted = static_cast<int64_t>(segment.deleted_rows.size());
    const int64_t live_rows = file.row_count().value_or(lexical.ok() ? int64_t{(*lexical)->document_count()} : 1) - deleted;
    rows += live_rows;
    if (!lexical.ok()) {
      if (lexical.status().code() == base::Code::corruption) live->damaged_.push_back(lexical.status().message());
      continue;
    }
    segment.lexical = *lexical;
    lexical_rows += live_rows;
    if (indexer.has_vectors()) {
      auto vectors = indexer.open_vector(table, file);
      if (vectors.ok() && (*vectors)->passage_count() == segment.lexical->passage_count()) {
        segment.vectors = *vectors;
        semantic_rows += live_rows;
      } else if (vectors.status().code() == base::Code::corruption) {
        live->damaged_.push_back(vectors.status().message());
      }
    }
    live->passage_count_ += segment.lexical->passage_count();
    live->total_length_ += segment.lexical->inverted().total_length();
    live->add_deletions(&segment);
    live->segments_.push_back(std::move(segment));
  }
  if (rows > 0) {
    live->lexical_coverage_ = static_cast<double>(lexical_rows) / static_cast<double>(rows);
    live->semantic_coverage_ = static_cast<double>(semantic_rows) / static_cast<double>(rows);
  }
  return std::shared_ptr<const LiveSet>(std::move(live));
}

void LiveSet::add_deletions(Segment* segment) {
  if (segment->deleted_rows.empty()) return;
  const LexicalSegment& lexical = *segment->lexical;
  segment->deleted.resize((lexical.passage_count() + 63) / 64);
  std::map<inverted::TermOrdinal, uint32_t> counts;
  std::vector<inverted::TermCount> terms;
  for (int64_t row : segment->deleted_rows) {
    const uint32_t index = lexical.document_of_row(base::RowIndex(row));
    if (index == lexical.document_count()) continue;
    const LexicalSegment::Document document = lexical.document(index);
    for (PassageOrdinal p(document.first_passage); p.value < document.passage_end; p = p.next()) {
      segment->deleted[p.value / 64] |= uint64_t{1} << (p.value % 64);
      --passage_count_;
      total_length_ -= lexical.inverted().length(p);
      lexical.inverted().passage_terms(p, &terms);
      for (const inverted::TermCount& term : terms) ++counts[term.term];
    }
  }
  for (const auto& [term, count] : counts) segment->deleted_terms.push_back({term, count});
}

uint64_t LiveSet::document_frequency(std::string_view term) const {
  uint64_t count = 0;
  for (const Segment& segment : segments_) {
    const auto ordinal = segment.lexical->inverted().find(term);
    if (!ordinal) continue;
    count += segment.lexical->inverted().document_frequency(*ordinal);
    const auto deleted = std::lower_bound(segment.deleted_terms.begin(), segment.deleted_terms.end(), *ordinal,
                                          [](const inverted::TermCount& a, inverted::TermOrdinal b) { return a.term < b; });
    if (deleted != segment.deleted_terms.end() && deleted->term == *ordinal) count -= deleted->frequency;
  }
  return count;
}

inverted::Statistics LiveSet::statistics(const inverted::Query& query) const {
  inverted::Statistics statistics{passage_count_, total_length_, {}};
  for (const inverted::Clause& clause : query.clauses) {
    auto& frequencies = statistics.document_frequency.emplace_back();
    for (const std::string& term : clause.terms) frequencies.push_back(document_frequency(term));
  }
  return statistics;
}

std::pair<std::string_view, uint32_t> LiveSet::tie(const LexicalSegment& segment, PassageOrdinal passage) {
  const LexicalSegment::Document document = segment.document(segment.passage(passage).document);
  return {document.id, passage.value - document.first_passage};
}

}  // namespace tarn::index
