#include "index/indexer.h"

#include <fmt/format.h>

#include <unordered_map>

#include "duck/cancel_watch.h"
#include "index/file_rows.h"
#include "index/occurrences.h"
#include "lake/text_table.h"
#include "vector/halves.h"

namespace tarn::index {
namespace {

using base::Code;
using base::Hash128;
using base::Result;
using base::Status;

// Texts encoded at once: enough to fill length buckets, small enough that progress moves and a stop is soon heard.
constexpr size_t kEncodeBatch = 2048;

}  // namespace

Indexer::Indexer(IndexerOptions options)
    : options_(std::move(options)),
      lexical_definition_(lexical_definition(options_.analyzer->identity(), options_.passage_bytes)) {
  if (options_.encoder) vector_definition_ = vector_definition(options_.encoder->identity(), options_.passage_bytes);
}

Status Indexer::file_written(const lake::TableReader& table, const delta::Snapshot* base, const delta::DataFile& file,
                             const base::Context& context) {
  return context.reason(build(table, base, file, true, has_vectors(), context));
}

Status Indexer::ensure(const lake::TableReader& table, const delta::Snapshot& snapshot, bool with_vectors,
                       const base::Context& context) {
  if (!lake::is_text_table(snapshot.schema)) return base::ok();
  for (const auto& [path, file] : snapshot.files) {
    TARN_TRY(context.check());
    const bool lexical = !open_lexical(table, file).ok();
    const bool vectors = with_vectors && has_vectors() && !open_vector(table, file).ok();
    if (!lexical && !vectors) continue;
    const Status built = build(table, &snapshot, file, lexical, vectors, context);
    if (!built.ok()) return context.reason(built);
  }
  return base::ok();
}

Result<std::shared_ptr<const LexicalSegment>> Indexer::open_lexical(const lake::TableReader& table,
                                                                    const delta::DataFile& file) const {
  TARN_ASSIGN(auto container, Container::open(table.store(), lexical_path(table.path(), lexical_definition_, file),
                                              Part::lexical, lexical_definition_, source_hash(file)));
  return LexicalSegment::open(std::move(container));
}

Result<std::shared_ptr<const VectorSegment>> Indexer::open_vector(const lake::TableReader& table,
                                                                  const delta::DataFile& file) const {
  if (!has_vectors()) return Status(Code::unavailable, "no encoder is installed");
  TARN_ASSIGN(auto container, Container::open(table.store(), vector_path(table.path(), vector_definition_, file),
                                              Part::vector, vector_definition_, source_hash(file)));
  return VectorSegment::open(std::move(container));
}

Status Indexer::build(const lake::TableReader& table, const delta::Snapshot* base, const delta::DataFile& file,
                      bool lexical, bool vectors, const base::Context& context) {
  if (base && !lake::is_text_table(base->schema)) return base::ok();
  TARN_ASSIGN(duck::Database * database, options_.database());
  TARN_ASSIGN(std::unique_ptr<duck::Connection> connection, database->connect());
  const duck::CancelWatch watch(*connection, context);
  if (!base) {
    // The table is being made: its first file says whether it is a text table.
    TARN_ASSIGN(const lake::Select all, table.select_file(file, {}));
    TARN_ASSIGN(auto probe, connection->query(all.sql + " LIMIT 0"));
    std::vector<delta::Field> schema;
    for (const duck::Column& column : probe->columns()) {
      schema.push_back({column.name, column.type == "VARCHAR" ? json::Value("string") : json::Value(column.type)});
    }
    if (!lake::is_text_table(schema)) return base::ok();
  }
  TARN_ASSIGN(const FileRows documents, select_documents(table, file, *connection));
  LexicalWriter writer;
  Occurrences occurrences;
  std::vector<std::string> inputs;
  const auto total = static_cast<uint64_t>(file.row_count().value_or(0));
  uint64_t done = 0;
  while (true) {
    TARN_TRY(context.check());
    context.update("indexing", done, total, "documents");
    TARN_ASSIGN(const duck::Chunk* chunk, documents.rows->next());
    if (!chunk) break;
    done += chunk->rows();
    for (size_t i = 0; i < chunk->rows(); ++i) {
      TARN_TRY(context.check());
      const auto cell = [&](size_t column) {
        return chunk->is_null(column, i) ? std::string_view() : chunk->text(column, i);
      };
      const std::string_view title = cell(2), body = cell(4);
      writer.begin_document({base::RowIndex(chunk->integer(0, i)), cell(1), title, cell(3)});
      const std::vector<document::Anchor> anchors = anchors_in(*chunk, i);
      for (const document::Passage& passage : passages_of(title, body, anchors, options_.passage_bytes)) {
        const std::string_view text = body.substr(passage.start, passage.end - passage.start);
        const std::string_view around = body.substr(passage.context_start, passage.context_end - passage.context_start);
        if (lexical) {
          occurrences.analyze(*options_.analyzer, title, passage.heading, text, around);
          writer.add_passage(passage, text, occurrences.view());
        }
        if (vectors) inputs.push_back(encoder_input(title, passage, text, around));
      }
    }
  }
  if (lexical) TARN_TRY(put_lexical(table, file, &writer));
  if (vectors) TARN_TRY(put_vectors(table, base, file, inputs, context));
  return base::ok();
}

Status Indexer::put_lexical(const lake::TableReader& table, const delta::DataFile& file, LexicalWriter* writer) {
  return table.store().put(lexical_path(table.path(), lexical_definition_, file),
                           writer->finish(lexical_definition_, source_hash(file)));
}

Status Indexer::put_vectors(const lake::TableReader& table, const delta::Snapshot* base, const delta::DataFile& file,
                            const std::vector<std::string>& inputs, const base::Context& context) {
  const size_t dimensions = options_.encoder->dimensions();
  std::vector<Hash128> hashes(inputs.size());
  std::unordered_map<Hash128, std::vector<size_t>, base::Hash128Hasher> wanted;
  for (size_t i = 0; i < inputs.size(); ++i) {
    hashes[i] = base::hash128(inputs[i]);
    wanted[hashes[i]].push_back(i);
  }
  std::vector<uint16_t> halves(inputs.size() * dimensions);
  const auto fill = [&](const std::vector<size_t>& places, std::span<const uint16_t> row) {
    for (size_t place : places) {
      std::copy(row.begin(), row.end(), halves.begin() + static_cast<ptrdiff_t>(place * dimensions));
    }
  };

  // A passage that a live segment has with the same input takes its vector from there.
  if (base) {
    for (const auto& [path, live] : base->files) {
      if (wanted.empty()) break;
      TARN_TRY(context.check());
      const auto segment = open_vector(table, live);
      if (!segment.ok() || (*segment)->vectors().dimensions() != dimensions) continue;
      for (base::PassageOrdinal p(0); p.value < (*segment)->passage_count(); p = p.next()) {
        const auto found = wanted.find((*segment)->input_hash(p));
        if (found == wanted.end()) continue;
        fill(found->second, (*segment)->vectors().row(p));
        reused_count_ += found->second.size();
        wanted.erase(found);
      }
    }
  }

  std::vector<const std::vector<size_t>*> places;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const auto found = wanted.find(hashes[i]);
    if (found != wanted.end() && found->second.front() == i) places.push_back(&found->second);
  }
  for (size_t start = 0; start < places.size(); start += kEncodeBatch) {
    TARN_TRY(context.check());
    context.update("encoding", start, places.size(), "passages");
    const size_t count = std::min(kEncodeBatch, places.size() - start);
    std::vector<encode::Input> batch;
    for (size_t i = 0; i < count; ++i) batch.push_back({encode::Role::passage, inputs[places[start + i]->front()]});
    TARN_ASSIGN(std::vector<float> vectors, options_.encoder->encode(batch, encode::Urgency::bulk, context.silent()));
    std::vector<uint16_t> row(dimensions);
    for (size_t i = 0; i < count; ++i) {
      vector::to_halves(std::span(vectors).subspan(i * dimensions, dimensions), row);
      fill(*places[start + i], row);
    }
    encoded_count_ += count;
  }
  if (!places.empty()) context.update("encoding", places.size(), places.size(), "passages");
  return table.store().put(vector_path(table.path(), vector_definition_, file),
                           write_vector_segment(halves, dimensions, hashes, vector_definition_, source_hash(file)));
}

void Indexer::file_dropped(const lake::TableReader& table, const delta::DataFile& file) {
  static_cast<void>(table.store().remove(lexical_path(table.path(), lexical_definition_, file)));
  if (has_vectors()) static_cast<void>(table.store().remove(vector_path(table.path(), vector_definition_, file)));
}

}  // namespace tarn::index
