// Merging segments along with their data files: nothing is analyzed or encoded again, and the result equals a rebuild.
#include <algorithm>

#include "index/indexer.h"
#include "index/occurrences.h"
#include "lake/text_table.h"

namespace tarn::index {
namespace {

using base::PassageOrdinal;
using base::Result;
using base::Status;

struct Input {
  std::shared_ptr<const LexicalSegment> lexical;
  std::shared_ptr<const VectorSegment> vectors;  // null without an encoder
  delta::RowList deleted;
};

// Documents of the input that live on, in row order.
template <typename Sink>
void for_each_live(const Input& input, const Sink& sink) {
  for (uint32_t i = 0; i < input.lexical->document_count(); ++i) {
    const LexicalSegment::Document document = input.lexical->document(i);
    if (!std::binary_search(input.deleted.begin(), input.deleted.end(), document.row.value)) sink(document);
  }
}

Result<std::string> merge_lexical(const std::vector<Input>& inputs, const base::Hash128& definition,
                                  const base::Hash128& source, const base::Context& context) {
  LexicalWriter writer;
  Occurrences occurrences;
  int64_t row = 0;
  Status status;
  for (const Input& input : inputs) {
    const LexicalSegment& segment = *input.lexical;
    for_each_live(input, [&](const LexicalSegment::Document& document) {
      if (status.ok()) status = context.check();
      if (!status.ok()) return;
      writer.begin_document({base::RowIndex(row++), document.id, document.title, document.uri});
      for (PassageOrdinal p(document.first_passage); p.value < document.passage_end && status.ok(); p = p.next()) {
        const auto text = segment.text(p);
        if (!text.ok()) {
          status = text.status();
          return;
        }
        occurrences.clear();
        segment.inverted().passage_occurrences(p, [&](inverted::TermOrdinal term, uint32_t position) {
          occurrences.add(segment.inverted().term(term), position);
        });
        const LexicalSegment::PassageSpan span = segment.passage(p);
        auto anchors = segment.anchors(p);
        if (!anchors.ok()) {
          status = anchors.status();
          return;
        }
        writer.add_passage(
            {segment.heading(p), span.start, span.end, span.context_start, span.context_end, std::move(*anchors)},
            *text, occurrences.view());
      }
    });
    TARN_TRY(status);
  }
  return writer.finish(definition, source);
}

std::string merge_vectors(const std::vector<Input>& inputs, size_t dimensions, const base::Hash128& definition,
                          const base::Hash128& source) {
  std::vector<uint16_t> halves;
  std::vector<base::Hash128> hashes;
  for (const Input& input : inputs) {
    for_each_live(input, [&](const LexicalSegment::Document& document) {
      for (PassageOrdinal p(document.first_passage); p.value < document.passage_end; p = p.next()) {
        const std::span<const uint16_t> row = input.vectors->vectors().row(p);
        halves.insert(halves.end(), row.begin(), row.end());
        hashes.push_back(input.vectors->input_hash(p));
      }
    });
  }
  return write_vector_segment(halves, dimensions, hashes, definition, source);
}

}  // namespace

Status Indexer::files_merged(const lake::TableReader& table, const delta::Snapshot& base,
                             const std::vector<delta::DataFile>& inputs, const delta::DataFile& output,
                             const base::Context& context) {
  if (!lake::is_text_table(base.schema)) return base::ok();
  TARN_ASSIGN(bool merged, merge(table, inputs, output, context));
  // An input without a whole segment: the merged file gets its own from its rows; vectors that live are still taken
  // over.
  return merged ? base::ok() : file_written(table, &base, output, context);
}

Result<bool> Indexer::merge(const lake::TableReader& table, const std::vector<delta::DataFile>& inputs,
                            const delta::DataFile& output, const base::Context& context) {
  std::vector<Input> opened;
  for (const delta::DataFile& file : inputs) {
    TARN_TRY(context.check());
    Input input;
    auto lexical = open_lexical(table, file);
    if (!lexical.ok()) return false;
    input.lexical = *lexical;
    if (has_vectors()) {
      auto vectors = open_vector(table, file);
      if (!vectors.ok() || (*vectors)->passage_count() != input.lexical->passage_count()) return false;
      input.vectors = *vectors;
    }
    TARN_ASSIGN(input.deleted, table.deleted_rows(file));
    opened.push_back(std::move(input));
  }
  TARN_ASSIGN(std::string lexical, merge_lexical(opened, lexical_definition_, source_hash(output), context));
  TARN_TRY(context.check());
  TARN_TRY(table.store().put(lexical_path(table.path(), lexical_definition_, output), lexical));
  if (has_vectors()) {
    TARN_TRY(table.store().put(
        vector_path(table.path(), vector_definition_, output),
        merge_vectors(opened, options_.encoder->dimensions(), vector_definition_, source_hash(output))));
  }
  return true;
}

}  // namespace tarn::index
