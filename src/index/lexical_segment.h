// The lexical part of a data file's segment: its documents, their passages with text and spans, and the inverted file.
// Shape:   doc/format/segment.md. Document i is the i-th row of the file that the definition covers; passages of a
//          document are neighbours, in the order of their spans.
// Errors:  open() verifies every section but the texts, whose blocks are verified when they are read: corruption names
//          file and place.
// Threads: immutable and shared.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/status.h"
#include "document/document.h"
#include "index/container.h"
#include "inverted/postings.h"

namespace tarn::index {

struct DocumentInput {
  base::RowIndex row;
  std::string_view id, title, uri;
};

// Documents in row order, each followed by its passages in span order; then finish().
class LexicalWriter {
 public:
  LexicalWriter();
  ~LexicalWriter();
  void begin_document(const DocumentInput& document);
  // `text` is body[start, end).
  void add_passage(const document::Passage& passage, std::string_view text,
                   std::span<const inverted::Occurrence> occurrences);
  std::string finish(const base::Hash128& definition, const base::Hash128& source);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class LexicalSegment {
 public:
  static base::Result<std::shared_ptr<const LexicalSegment>> open(std::shared_ptr<const Container> container);

  struct Document {
    base::RowIndex row;
    std::string_view id, title, uri;
    uint32_t first_passage, passage_end;
  };
  struct PassageSpan {
    uint32_t document;
    uint64_t start, end;  // bytes of the body
    uint64_t context_start,
        context_end;  // the line that it is read under (document::Passage), empty where there is none
  };

  uint32_t document_count() const { return document_count_; }
  Document document(uint32_t index) const;
  // The document of a row; document_count() when the row has none.
  uint32_t document_of_row(base::RowIndex row) const;
  uint32_t passage_count() const { return passage_count_; }
  PassageSpan passage(base::PassageOrdinal passage) const;
  std::vector<std::string> heading(base::PassageOrdinal passage) const;
  base::Result<std::string> text(base::PassageOrdinal passage) const;
  // The line that the passage is read under: it is part of the text of an earlier passage of the document.
  base::Result<std::string> context(base::PassageOrdinal passage) const;
  // As in document::Passage; none in segments from before there were any.
  base::Result<std::vector<document::Anchor>> anchors(base::PassageOrdinal passage) const;
  const inverted::Reader& inverted() const { return *inverted_; }
  std::shared_ptr<const inverted::Reader> inverted_reader() const { return inverted_; }
  const std::string& path() const { return container_->path(); }
  size_t size_bytes() const { return container_->size_bytes(); }

 private:
  LexicalSegment() = default;
  base::Status open_documents(std::string_view bytes);
  base::Status open_passages(std::string_view bytes);
  base::Status open_headings(std::string_view bytes);
  base::Status open_texts(std::string_view bytes);
  base::Status open_anchors(std::string_view bytes);

  std::shared_ptr<const Container> container_;
  std::shared_ptr<const inverted::Reader> inverted_;
  uint32_t document_count_ = 0, passage_count_ = 0, heading_count_ = 0, block_count_ = 0;
  const char* rows_ = nullptr;            // u32 by document
  const char* first_passages_ = nullptr;  // u32 by document, and one more
  const char* string_offsets_ = nullptr;  // u64 by document × 3, and one more
  std::string_view strings_;
  const char* passages_ = nullptr;         // records of kPassageRecordBytes
  const char* heading_offsets_ = nullptr;  // u32 by heading, and one more
  std::string_view headings_;
  const char* blocks_ = nullptr;  // records of kBlockRecordBytes
  std::string_view texts_;
  std::vector<std::string> anchor_kinds_;
  const char* anchor_offsets_ = nullptr;  // u32 by passage, and one more; null: there are no anchors
  std::string_view anchors_;
};

}  // namespace tarn::index
