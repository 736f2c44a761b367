// Builds the segments of data files: for every writer, before its commit (as the lake's observer), and on demand for
// files that have none. A segment is a function of its data file and the definition alone: what is built twice has the
// same content.
// Errors:  what reading the data file, encoding or the store return, with the data file named.
// Threads: any, at once. Two that build the same segment write the same content under one name.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "base/progress.h"
#include "duck/connection.h"
#include "encode/encoder.h"
#include "index/definition.h"
#include "index/lexical_segment.h"
#include "index/vector_segment.h"
#include "lake/table.h"
#include "text/analyzer.h"

namespace tarn::index {

struct IndexerOptions {
  std::shared_ptr<const text::Analyzer> analyzer;
  encode::Encoder* encoder = nullptr;  // null: no vector parts
  size_t passage_bytes = kPassageBytes;
  std::function<base::Result<duck::Database*>()> database;  // opened when first needed
};

class Indexer final : public lake::Observer {
 public:
  explicit Indexer(IndexerOptions options);

  base::Status file_written(const lake::TableReader& table, const delta::Snapshot* base, const delta::DataFile& file,
                            const base::Context& context) override;
  base::Status files_merged(const lake::TableReader& table, const delta::Snapshot& base,
                            const std::vector<delta::DataFile>& inputs, const delta::DataFile& output,
                            const base::Context& context) override;
  void file_dropped(const lake::TableReader& table, const delta::DataFile& file) override;
  // Segments of any definition whose data file is not there, and lexicons of other versions than the newest: sweep.cc.
  base::Result<std::vector<lake::RemovedFile>> files_swept(const lake::TableReader& table,
                                                           const std::function<base::Result<lake::FilesThere>()>& there,
                                                           bool dry_run, const base::Context& context) override;

  // Builds what is missing or damaged for the live files of a snapshot. Which parts: lexical always, vectors when
  // asked. Stopped, it keeps what is whole.
  base::Status ensure(const lake::TableReader& table, const delta::Snapshot& snapshot, bool with_vectors,
                      const base::Context& context);

  base::Result<std::shared_ptr<const LexicalSegment>> open_lexical(const lake::TableReader& table,
                                                                   const delta::DataFile& file) const;
  base::Result<std::shared_ptr<const VectorSegment>> open_vector(const lake::TableReader& table,
                                                                 const delta::DataFile& file) const;

  const base::Hash128& lexical_definition_hash() const { return lexical_definition_; }
  const base::Hash128& vector_definition_hash() const { return vector_definition_; }
  size_t passage_bytes() const { return options_.passage_bytes; }
  bool has_vectors() const { return options_.encoder != nullptr; }
  encode::Encoder* encoder() const { return options_.encoder; }
  const text::Analyzer& analyzer() const { return *options_.analyzer; }

  // Passages that were given to the encoder, and those that took a vector from another segment, since construction.
  uint64_t encoded_count() const { return encoded_count_; }
  uint64_t reused_count() const { return reused_count_; }

 private:
  base::Status build(const lake::TableReader& table, const delta::Snapshot* base, const delta::DataFile& file,
                     bool lexical, bool vectors, const base::Context& context);
  base::Status put_lexical(const lake::TableReader& table, const delta::DataFile& file, LexicalWriter* writer);
  base::Status put_vectors(const lake::TableReader& table, const delta::Snapshot* base, const delta::DataFile& file,
                           const std::vector<std::string>& inputs, const base::Context& context);
  base::Result<bool> merge(const lake::TableReader& table, const std::vector<delta::DataFile>& inputs,
                           const delta::DataFile& output, const base::Context& context);

  IndexerOptions options_;
  base::Hash128 lexical_definition_, vector_definition_;
  std::atomic<uint64_t> encoded_count_ = 0, reused_count_ = 0;
};

}  // namespace tarn::index
