#include "operation/operation.h"

namespace tarn::operation {

const Bound* find(const std::vector<Bound>& operations, std::string_view name) {
  for (const Bound& bound : operations) {
    if (bound.operation.name == name) return &bound;
  }
  return nullptr;
}

}  // namespace tarn::operation
