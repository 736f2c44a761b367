#include "workspace/workers.h"

namespace tarn::workspace {
namespace {

// Statements of others at work at once; further ones wait.
constexpr int kSqlWorkers = 4;

}  // namespace

worker::Pool& Workers::extraction() {
  const auto opened = extraction_.get([&]() -> base::Result<std::shared_ptr<worker::Pool>> {
    return std::shared_ptr<worker::Pool>(worker::make_pool(threads_, {}));
  });
  return **opened;
}

worker::Pool& Workers::sql() {
  const auto opened = sql_.get([]() -> base::Result<std::shared_ptr<worker::Pool>> {
    return std::shared_ptr<worker::Pool>(worker::make_pool(kSqlWorkers));
  });
  return **opened;
}

}  // namespace tarn::workspace
