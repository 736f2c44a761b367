#include "encode/openvino_runtime.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <string_view>

namespace tarn::encode {
namespace {

constexpr size_t kErrorBytes = 1024;

base::Status load_failure(const std::string& plugin, std::string_view why) {
  const bool missing = access(plugin.c_str(), F_OK) != 0;
  return {missing ? base::Code::not_found : base::Code::unavailable, fmt::format("encoder module {}: {}", plugin, why),
          "install the part of Tarn that has meaning (encoder and model) beside the program, or search with --mode "
          "lexical"};
}

template <typename Function>
Function* symbol(void* module, const char* name) {
  return reinterpret_cast<Function*>(dlsym(module, name));
}

}  // namespace

base::Result<std::unique_ptr<OpenVinoRuntime>> OpenVinoRuntime::load(const std::string& plugin,
                                                                     const TarnBertModel& model,
                                                                     const TarnOpenVinoOptions& options) {
  void* module = dlopen(plugin.c_str(), RTLD_NOW | RTLD_LOCAL);  // never closed: OpenVINO's threads may outlive a model
  if (module == nullptr) return load_failure(plugin, dlerror());
  std::unique_ptr<OpenVinoRuntime> made(new OpenVinoRuntime());
  auto* const version = symbol<TarnOpenVinoVersion>(module, "tarn_openvino_version");
  auto* const load = symbol<TarnOpenVinoLoad>(module, "tarn_openvino_load_2");
  made->infer_ = symbol<TarnOpenVinoInfer>(module, "tarn_openvino_infer");
  made->unload_ = symbol<TarnOpenVinoUnload>(module, "tarn_openvino_unload");
  if (!version || !load || !made->infer_ || !made->unload_) {
    return load_failure(plugin, "is of another version of Tarn");
  }
  if (!std::string_view(version()).starts_with(kOpenVinoVersion)) {
    return load_failure(plugin, fmt::format("OpenVINO {} is there, {} is needed", version(), kOpenVinoVersion));
  }
  char error[kErrorBytes] = {};
  made->model_ = load(&model, &options, error, sizeof error);
  if (made->model_ == nullptr) return load_failure(plugin, error);
  return made;
}

OpenVinoRuntime::~OpenVinoRuntime() {
  if (model_ != nullptr) unload_(model_);
}

base::Status OpenVinoRuntime::infer(int stream, std::span<const int32_t> ids, std::span<const float> mask,
                                    size_t length, float* out, float* tokens) {
  char error[kErrorBytes] = {};
  const auto rows = static_cast<int32_t>(ids.size() / length);
  if (infer_(model_, stream, ids.data(), mask.data(), rows, static_cast<int32_t>(length), out, tokens, error,
             sizeof error) != 0) {
    return {base::Code::internal, fmt::format("OpenVINO: {}", error)};
  }
  return {};
}

}  // namespace tarn::encode
