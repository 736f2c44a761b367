// The module libtarn_openvino.so, loaded, with one model in it.
// Errors:  not_found or unavailable (the module or a library that it needs), with the remedy; internal for what
//          OpenVINO reports.
// Threads: infer() on different streams at once, one call a stream.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/status.h"
#include "encode/openvino/module.h"

namespace tarn::encode {

inline constexpr const char* kOpenVinoVersion = "2026.4.1";  // the module is compiled against this one, and checks

class OpenVinoRuntime {
 public:
  // `model` and what it points to outlive the runtime. The module stays loaded until the process ends.
  static base::Result<std::unique_ptr<OpenVinoRuntime>> load(const std::string& plugin, const TarnBertModel& model,
                                                             const TarnOpenVinoOptions& options);
  ~OpenVinoRuntime();
  OpenVinoRuntime(const OpenVinoRuntime&) = delete;
  OpenVinoRuntime& operator=(const OpenVinoRuntime&) = delete;

  // As TarnOpenVinoInfer: rows = ids.size() / length; out holds rows × hidden, tokens (or null) rows × length × hidden.
  base::Status infer(int stream, std::span<const int32_t> ids, std::span<const float> mask, size_t length, float* out,
                     float* tokens = nullptr);

 private:
  OpenVinoRuntime() = default;
  void* model_ = nullptr;
  TarnOpenVinoInfer* infer_ = nullptr;
  TarnOpenVinoUnload* unload_ = nullptr;
};

}  // namespace tarn::encode
