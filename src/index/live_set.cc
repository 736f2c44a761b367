#include "index/live_set.h"

#include <algorithm>
#include <map>

namespace tarn::index {

using base::PassageOrdinal;
using base::Result;

Result<std::shared_ptr<const LiveSet>> LiveSet::open(const lake::TableReader& table,
                                                     std::shared_ptr<const delta::Snapshot> snapshot,
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
    // Another engine's file may not say how many rows it has: then its segment does, and without one it counts as
    // something missing.
    const auto told = file.row_count();
    const int64_t live_rows = told           ? *told - deleted
                              : lexical.ok() ? std::max<int64_t>((*lexical)->document_count() - deleted, 0)
                                             : 1;
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
  if (live->segments_.size() >= kLexiconSegments) live->open_lexicon(table, indexer.lexical_definition_hash());
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

void LiveSet::open_lexicon(const lake::TableReader& table, const base::Hash128& definition) {
  std::vector<delta::DataFile> files;
  std::vector<const inverted::Reader*> readers;
  for (const Segment& segment : segments_) {
    files.push_back(segment.file);
    readers.push_back(&segment.lexical->inverted());
  }
  lexicon_ = index::open_lexicon(table.store(), table.path(), definition, files, readers);
}

uint64_t LiveSet::deleted_frequency(const Segment& segment, inverted::TermOrdinal term) {
  const auto found = std::lower_bound(segment.deleted_terms.begin(), segment.deleted_terms.end(), term,
                                      [](const inverted::TermCount& a, inverted::TermOrdinal b) { return a.term < b; });
  return found != segment.deleted_terms.end() && found->term == term ? found->frequency : 0;
}

uint64_t LiveSet::document_frequency(std::string_view term) const {
  uint64_t count = 0;
  for (const Segment& segment : segments_) {
    const auto ordinal = segment.lexical->inverted().find(term);
    if (ordinal) {
      count += segment.lexical->inverted().document_frequency(*ordinal) - deleted_frequency(segment, *ordinal);
    }
  }
  return count;
}

LiveSet::Resolved LiveSet::resolve(const inverted::Query& query) const {
  Resolved resolved;
  resolved.statistics = {passage_count_, total_length_, {}};
  const inverted::Lexicon* const lexicon = lexicon_.lexicon.get();
  resolved.by_lexicon = lexicon != nullptr;
  if (lexicon) {
    resolved.terms = lexicon->resolve(query);
    resolved.statistics.document_frequency = resolved.terms.document_frequency;
  }
  size_t place = 0;  // of a term among those of all clauses
  for (size_t c = 0; c < query.clauses.size(); ++c) {
    if (!lexicon) resolved.statistics.document_frequency.emplace_back();
    for (size_t t = 0; t < query.clauses[c].terms.size(); ++t, ++place) {
      if (!lexicon) {
        resolved.statistics.document_frequency[c].push_back(document_frequency(query.clauses[c].terms[t]));
        continue;
      }
      for (uint32_t s = 0; s < segments_.size(); ++s) {
        if (segments_[s].deleted_terms.empty()) continue;
        resolved.statistics.document_frequency[c][t] -=
            deleted_frequency(segments_[s], resolved.terms.of(s)[place].term);
      }
    }
  }
  return resolved;
}

std::pair<std::string_view, uint32_t> LiveSet::tie(const LexicalSegment& segment, PassageOrdinal passage) {
  const LexicalSegment::Document document = segment.document(segment.passage(passage).document);
  return {document.id, passage.value - document.first_passage};
}

}  // namespace tarn::index
