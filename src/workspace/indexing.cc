#include "workspace/indexing.h"

namespace tarn::workspace {

base::Result<index::Indexer*> Indexing::open() {
  TARN_ASSIGN(const auto opened, indexer_.get([&]() -> base::Result<std::shared_ptr<index::Indexer>> {
    index::IndexerOptions options;
    TARN_ASSIGN(options.analyzer, text::make_analyzer("english"));
    options.encoder = model_.encoder();
    options.database = [this] { return databases_.lake(); };
    return std::make_shared<index::Indexer>(std::move(options));
  }));
  return opened.get();
}

index::Indexer* Indexing::known() const {
  const auto opened = indexer_.known();
  return opened ? opened->get() : nullptr;
}

}  // namespace tarn::workspace
