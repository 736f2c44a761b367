#include "encode/openvino/module.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <openvino/core/version.hpp>
#include <openvino/runtime/core.hpp>
#include <openvino/runtime/properties.hpp>
#include <string_view>

#include "encode/openvino/graph.h"
#include "encode/openvino_runtime.h"

#define TARN_TEXT_OF(x) #x
#define TARN_VERSION_TEXT(a, b, c) TARN_TEXT_OF(a) "." TARN_TEXT_OF(b) "." TARN_TEXT_OF(c)

namespace {

static_assert(std::string_view(tarn::encode::kOpenVinoVersion) ==
                  TARN_VERSION_TEXT(OPENVINO_VERSION_MAJOR, OPENVINO_VERSION_MINOR, OPENVINO_VERSION_PATCH),
              "identities name the version of OpenVINO: change openvino_runtime.h with third_party/lock.tsv");

struct Loaded {
  ov::Core core;
  ov::CompiledModel model;
  std::vector<ov::InferRequest> requests;  // one a stream
};

bool has_bf16(const ov::Core& core) {
  const auto capabilities = core.get_property("CPU", ov::device::capabilities);
  return std::find(capabilities.begin(), capabilities.end(), std::string(ov::device::capability::BF16)) !=
         capabilities.end();
}

// OpenVINO's messages run over several lines; ours are one.
void say(const char* what, char* error, size_t size) {
  std::string line;
  for (const char* c = what; *c != '\0'; ++c) {
    const bool space = *c == '\n' || *c == ' ';
    if (!space) line.push_back(*c);
    if (space && !line.empty() && line.back() != ' ') line.push_back(' ');
  }
  if (line.ends_with(' ')) line.pop_back();
  std::snprintf(error, size, "%s", line.c_str());
}

}  // namespace

const char* tarn_openvino_version() { return ov::get_openvino_version().buildNumber; }

void* tarn_openvino_load_2(const TarnBertModel* model, const TarnOpenVinoOptions* options, char* error,
                           size_t error_size) {
  try {
    auto loaded = std::make_unique<Loaded>();
    const bool bf16 = options->bf16 != 0 && has_bf16(loaded->core);
    loaded->model = loaded->core.compile_model(
        tarn::encode::openvino::bert_graph(*model), "CPU",
        ov::hint::inference_precision(bf16 ? ov::element::bf16 : ov::element::f32),
        // One thread a stream: no barriers, so that a core that something else takes slows only its own texts.
        ov::num_streams(options->streams), ov::inference_num_threads(options->streams),
        ov::hint::enable_cpu_pinning(false), ov::hint::enable_hyper_threading(true));
    for (int32_t i = 0; i < options->streams; ++i) loaded->requests.push_back(loaded->model.create_infer_request());
    return loaded.release();
  } catch (const std::exception& e) {
    say(e.what(), error, error_size);
  } catch (...) {
    say("unknown exception", error, error_size);
  }
  return nullptr;
}

int tarn_openvino_infer(void* model, int32_t stream, const int32_t* ids, const float* mask, int32_t rows,
                        int32_t length, float* out, float* tokens, char* error, size_t error_size) {
  try {
    ov::InferRequest& request = static_cast<Loaded*>(model)->requests.at(static_cast<size_t>(stream));
    const ov::Shape shape{static_cast<size_t>(rows), static_cast<size_t>(length)};
    // Tensors over the caller's memory; the CPU plugin only reads its inputs.
    request.set_input_tensor(0, ov::Tensor(ov::element::i32, shape, const_cast<int32_t*>(ids)));
    request.set_input_tensor(1, ov::Tensor(ov::element::f32, shape, const_cast<float*>(mask)));
    request.infer();
    const ov::Tensor result = request.get_output_tensor(0);
    std::memcpy(out, result.data<float>(), result.get_byte_size());
    if (tokens != nullptr) {
      const ov::Tensor last = request.get_output_tensor(1);
      std::memcpy(tokens, last.data<float>(), last.get_byte_size());
    }
    return 0;
  } catch (const std::exception& e) {
    say(e.what(), error, error_size);
  } catch (...) {
    say("unknown exception", error, error_size);
  }
  return 1;
}

void tarn_openvino_unload(void* model) { delete static_cast<Loaded*>(model); }
