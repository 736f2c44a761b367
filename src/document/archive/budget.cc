#include "document/archive/budget.h"

#include <string>

namespace tarn::document {
namespace {

using base::Code;
using base::Status;

Status over(const std::string& what, const char* limit, uint64_t value) {
  return {Code::exhausted, what + " " + limit + " (" + std::to_string(value) + ")"};
}

}  // namespace

Status Budget::take(uint64_t bytes) {
  unpacked_bytes_ += bytes;
  if (unpacked_bytes_ > kMaxUnpackedBytes) {
    return over("it unpacks to more than", "kMaxUnpackedBytes", kMaxUnpackedBytes);
  }
  const uint64_t held = unpacked_bytes_ - refused_bytes_;
  if (held < kRatioFrom || held / kMaxRatio <= item_bytes_) return {};
  Status status = over("it unpacks to more than", "kMaxRatio", kMaxRatio);
  return {status.code(), status.message() + " times its size"};
}

Status too_many_members() { return over("it has more members than", "kMaxMembers", kMaxMembers); }

Status over_member_limit() { return over("it is over the limit", "kMaxMemberBytes", kMaxMemberBytes); }

}  // namespace tarn::document
