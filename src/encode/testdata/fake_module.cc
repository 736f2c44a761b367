// A module with the border of libtarn_openvino.so and no model: what threads, batches and failures do can be tested
// under every sanitizer. A text's vector is (number of its ids, their sum, 1, 0 …), from what the mask lets through; an
// id's is (id, 1, 0 …). FAKE_MODULE in the environment chooses what goes wrong: "version", "load", "infer", "nan".
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "encode/openvino/module.h"

namespace {

struct Fake {
  int32_t hidden;
  int32_t streams;
  std::unique_ptr<std::atomic<bool>[]> busy;  // a stream serves one call at a time
};

bool goes_wrong(std::string_view what) {
  const char* chosen = std::getenv("FAKE_MODULE");
  return chosen != nullptr && what == chosen;
}

int say(const char* what, char* error, size_t size) {
  std::snprintf(error, size, "%s", what);
  return 1;
}

}  // namespace

const char* tarn_openvino_version() { return goes_wrong("version") ? "2019.1.0-1" : "2026.4.1-fake"; }

void* tarn_openvino_load_2(const TarnBertModel* model, const TarnOpenVinoOptions* options, char* error,
                           size_t error_size) {
  if (goes_wrong("load")) return say("no memory", error, error_size), nullptr;
  auto fake = std::make_unique<Fake>();
  fake->hidden = model->hidden;
  fake->streams = options->streams;
  fake->busy = std::make_unique<std::atomic<bool>[]>(static_cast<size_t>(options->streams));
  return fake.release();
}

int tarn_openvino_infer(void* model, int32_t stream, const int32_t* ids, const float* mask, int32_t rows,
                        int32_t length, float* out, float* tokens, char* error, size_t error_size) {
  const Fake& fake = *static_cast<Fake*>(model);
  if (stream < 0 || stream >= fake.streams) return say("no such stream", error, error_size);
  if (fake.busy[static_cast<size_t>(stream)].exchange(true)) return say("the stream is busy", error, error_size);
  for (int32_t r = 0; r < rows; ++r) {
    float* vector = out + static_cast<ptrdiff_t>(r) * fake.hidden;
    for (int32_t d = 0; d < fake.hidden; ++d) vector[d] = d == 2 ? 1.0f : 0.0f;
    for (int32_t t = 0; t < length; ++t) {
      const ptrdiff_t at = static_cast<ptrdiff_t>(r) * length + t;
      vector[0] += mask[at];
      vector[1] += mask[at] * static_cast<float>(ids[at]);
    }
    if (goes_wrong("nan")) vector[0] = std::nanf("");
    for (int32_t t = 0; tokens != nullptr && t < length; ++t) {
      const ptrdiff_t at = static_cast<ptrdiff_t>(r) * length + t;
      for (int32_t d = 0; d < fake.hidden; ++d) {
        tokens[at * fake.hidden + d] = d == 0 ? static_cast<float>(ids[at]) : d == 1 ? 1.0f : 0.0f;
      }
    }
  }
  fake.busy[static_cast<size_t>(stream)].store(false);
  return goes_wrong("infer") ? say("out of luck", error, error_size) : 0;
}

void tarn_openvino_unload(void* model) { delete static_cast<Fake*>(model); }
