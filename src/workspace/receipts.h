// Where the receipts of a lake lie.
#pragma once

namespace tarn::workspace {

inline constexpr const char* kReceipts = "_tarn/receipts";  // below the lake

}  // namespace tarn::workspace
