// The family of all-MiniLM-L6-v2: BERT, WordPiece, mean pooling.
#include <fmt/format.h>

#include "encode/bert_files.h"
#include "encode/family.h"
#include "encode/transformer.h"
#include "encode/wordpiece.h"

namespace tarn::encode {
namespace {

base::Result<std::unique_ptr<const Tokenizer>> read_pieces(const BertFiles& files) {
  TARN_ASSIGN(WordPiece pieces, WordPiece::parse(files.vocabulary(), files.vocabulary_path()));
  if (pieces.size() > static_cast<size_t>(files.config().vocabulary)) {
    return base::Status(base::Code::corruption,
                        fmt::format("{}: {} pieces, config.json says {}", files.vocabulary_path(), pieces.size(),
                                    files.config().vocabulary),
                        "the files belong to different models: install the model again");
  }
  return std::unique_ptr<const Tokenizer>(std::make_unique<WordPiece>(std::move(pieces)));
}

}  // namespace

base::Result<std::unique_ptr<Encoder>> make_bert(const ModelDirectory& directory, const ModelOptions& options) {
  TARN_ASSIGN(const auto files, BertFiles::open(directory));
  TransformerParts parts;
  parts.name = "bert/1";
  parts.fingerprint = files->fingerprint();
  parts.weights = &files->model();
  parts.owner = files;
  parts.max_tokens = files->config().max_tokens;
  parts.tokenizer = [files] { return read_pieces(*files); };
  return make_transformer(std::move(parts), directory, options);
}

}  // namespace tarn::encode
