// Child processes for what others' bytes may crash: documents, and statements of others.
// Threads: any.
#pragma once

#include <memory>

#include "base/once.h"
#include "worker/pool.h"

namespace tarn::workspace {

class Workers {
 public:
  explicit Workers(int threads) : threads_(threads) {}

  worker::Pool& extraction();
  worker::Pool& sql();

 private:
  const int threads_;
  base::Once<std::shared_ptr<worker::Pool>> extraction_, sql_;
};

}  // namespace tarn::workspace
