#include "index/verify.h"

#include <fmt/format.h>

#include <algorithm>

#include "duck/cancel_watch.h"
#include "index/file_rows.h"
#include "index/occurrences.h"

namespace tarn::index {
namespace {

using base::PassageOrdinal;
using base::Result;
using base::Status;

class FileVerifier {
 public:
  FileVerifier(const LexicalSegment& lexical, const VectorSegment* vectors, const Indexer& indexer)
      : lexical_(lexical), vectors_(vectors), indexer_(indexer) {}

  // What is wrong with one row of the data file, or "".
  std::string row(int64_t row, std::string_view id, std::string_view title, std::string_view uri, std::string_view body,
                  std::span<const document::Anchor> anchors) {
    if (next_document_ >= lexical_.document_count()) return fmt::format("row {} has no document", row);
    const LexicalSegment::Document document = lexical_.document(next_document_++);
    if (document.row.value != row || document.id != id || document.title != title || document.uri != uri) {
      return fmt::format("row {} ('{}') is not the document that the segment has", row, id);
    }
    const std::vector<document::Passage> passages = passages_of(title, body, anchors, indexer_.passage_bytes());
    if (document.passage_end - document.first_passage != passages.size()) {
      return fmt::format("row {} ('{}') has {} passages, the segment {}", row, id, passages.size(),
                         document.passage_end - document.first_passage);
    }
    for (size_t i = 0; i < passages.size(); ++i) {
      const PassageOrdinal ordinal(document.first_passage + static_cast<uint32_t>(i));
      std::string wrong = passage(ordinal, title, passages[i], body);
      if (!wrong.empty()) return fmt::format("row {} ('{}'), passage {}: {}", row, id, i, wrong);
    }
    return {};
  }

  std::string end() const {
    return next_document_ == lexical_.document_count() ? std::string()
                                                       : "the segment has documents that the data file lacks";
  }

 private:
  std::string passage(PassageOrdinal ordinal, std::string_view title, const document::Passage& passage,
                      std::string_view body) {
    const std::string_view text = body.substr(passage.start, passage.end - passage.start);
    const std::string_view context = body.substr(passage.context_start, passage.context_end - passage.context_start);
    const LexicalSegment::PassageSpan span = lexical_.passage(ordinal);
    if (span.start != passage.start || span.end != passage.end) return "another span";
    if (span.context_start != passage.context_start || span.context_end != passage.context_end) {
      return "another context";
    }
    if (lexical_.heading(ordinal) != passage.heading) return "another heading";
    const auto anchors = lexical_.anchors(ordinal);
    if (!anchors.ok()) return anchors.status().message();
    if (*anchors != passage.anchors) return "other anchors";
    const auto stored = lexical_.text(ordinal);
    if (!stored.ok()) return stored.status().message();
    if (*stored != text) return "another text";
    expected_.analyze(indexer_.analyzer(), title, passage.heading, text, context);
    found_.clear();
    lexical_.inverted().passage_occurrences(ordinal, [&](inverted::TermOrdinal term, uint32_t position) {
      found_.add(lexical_.inverted().term(term), position);
    });
    const auto key = [](const inverted::Occurrence& o) { return std::pair(o.position, o.term); };
    std::vector<inverted::Occurrence> expected(expected_.view().begin(), expected_.view().end());
    std::vector<inverted::Occurrence> found(found_.view().begin(), found_.view().end());
    for (auto* list : {&expected, &found}) {
      std::sort(list->begin(), list->end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    }
    if (!std::equal(expected.begin(), expected.end(), found.begin(), found.end(),
                    [&](const auto& a, const auto& b) { return key(a) == key(b); })) {
      return "other words";
    }
    if (vectors_ && vectors_->input_hash(ordinal) != base::hash128(encoder_input(title, passage, text, context))) {
      return "the vector is of another text";
    }
    return {};
  }

  const LexicalSegment& lexical_;
  const VectorSegment* vectors_;
  const Indexer& indexer_;
  uint32_t next_document_ = 0;
  Occurrences expected_, found_;
};

Result<std::string> verify_file(const lake::TableReader& table, const delta::DataFile& file,
                                const LexicalSegment& lexical, const VectorSegment* vectors, const Indexer& indexer,
                                duck::Connection& connection, const base::Context& context) {
  TARN_ASSIGN(const FileRows documents, select_documents(table, file, connection));
  FileVerifier verifier(lexical, vectors, indexer);
  while (true) {
    TARN_ASSIGN(const duck::Chunk* chunk, documents.rows->next());
    if (!chunk) return verifier.end();
    for (size_t i = 0; i < chunk->rows(); ++i) {
      TARN_TRY(context.check());
      const auto cell = [&](size_t column) {
        return chunk->is_null(column, i) ? std::string_view() : chunk->text(column, i);
      };
      std::string wrong = verifier.row(chunk->integer(0, i), cell(1), cell(2), cell(3), cell(4), anchors_in(*chunk, i));
      if (!wrong.empty()) return wrong;
    }
  }
}

Status verify_container(const store::Store& store, const std::string& path, bool vectors,
                        const base::Hash128& definition, std::string_view name) {
  constexpr std::string_view kLexicon = "lexicon-", kSuffix = ".seg";
  const bool lexicon = name.starts_with(kLexicon);
  if (lexicon) name.remove_prefix(kLexicon.size());
  if (!name.ends_with(kSuffix)) return base::ok();
  name.remove_suffix(kSuffix.size());
  const auto source = base::Hash128::from_hex(name);
  if (!source) return base::ok();
  const Part part = lexicon ? Part::lexicon : vectors ? Part::vector : Part::lexical;
  TARN_ASSIGN(const auto container, Container::open(store, path, part, definition, *source));
  return container->check();
}

}  // namespace

Result<std::vector<lake::Finding>> verify_files(const lake::TableReader& table, const base::Context& context) {
  std::vector<lake::Finding> findings;
  const std::string root = table.path() + "/_tarn";
  TARN_ASSIGN(const auto directories, table.store().list(root));
  for (const store::Entry& directory : directories) {
    const bool vectors = directory.name.starts_with("vector-");
    if (!directory.is_directory || (!vectors && !directory.name.starts_with("lexical-"))) continue;
    const auto definition =
        base::Hash128::from_hex(std::string_view(directory.name).substr(directory.name.find('-') + 1));
    if (!definition) continue;
    TARN_ASSIGN(const auto files, table.store().list(root + "/" + directory.name));
    for (const store::Entry& file : files) {
      TARN_TRY(context.check());
      const std::string path = root + "/" + directory.name + "/" + file.name;
      const Status status = verify_container(table.store(), path, vectors, *definition, file.name);
      if (!status.ok()) findings.push_back({path, status.message()});
    }
  }
  return findings;
}

Result<Verification> verify(const lake::TableReader& table, const delta::Snapshot& snapshot, const Indexer& indexer,
                            duck::Connection& connection, const base::Context& context) {
  const duck::CancelWatch watch(connection, context);
  Verification result;
  uint64_t done = 0;
  for (const auto& [path, file] : snapshot.files) {
    TARN_TRY(context.check());
    context.update("checking the index", done++, snapshot.files.size(), "segments");
    const auto lexical = indexer.open_lexical(table, file);
    if (lexical.status().code() == base::Code::not_found) continue;  // built when it is needed
    if (!lexical.ok()) {
      result.findings.push_back(
          {lexical_path(table.path(), indexer.lexical_definition_hash(), file), lexical.status().message()});
      continue;
    }
    ++result.segments;
    result.passages += (*lexical)->passage_count();
    std::shared_ptr<const VectorSegment> vectors;
    if (indexer.has_vectors()) {
      const auto opened = indexer.open_vector(table, file);
      if (opened.ok() && (*opened)->passage_count() == (*lexical)->passage_count()) {
        vectors = *opened;
      } else if (opened.ok() || opened.status().code() != base::Code::not_found) {
        result.findings.push_back(
            {vector_path(table.path(), indexer.vector_definition_hash(), file),
             opened.ok() ? "another number of passages than the lexical part" : opened.status().message()});
      }
    }
    const auto wrong = verify_file(table, file, **lexical, vectors.get(), indexer, connection, context);
    TARN_TRY(context.check());
    if (!wrong.ok()) {
      result.findings.push_back({table.data_address(file), wrong.status().message()});
    } else if (!wrong->empty()) {
      result.findings.push_back({(*lexical)->path(), *wrong});
    }
  }
  return result;
}

}  // namespace tarn::index
