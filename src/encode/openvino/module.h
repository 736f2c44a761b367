// The border between Tarn and the module libtarn_openvino.so: plain C, so that only the module knows OpenVINO and only
// a process that encodes loads it.
// Errors:  a null or non-zero return leaves a message in `error`, cut to its size. No exception crosses.
// Threads: infer() may run on different streams at once, one call a stream.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

// Weights are row-major float32 that the caller keeps alive until unload(); a matrix is [outputs, inputs].
struct TarnBertLayer {
  const float *query, *query_bias, *key, *key_bias, *value, *value_bias;
  const float *attention, *attention_bias, *attention_norm, *attention_norm_bias;
  const float *up, *up_bias, *down, *down_bias, *norm, *norm_bias;
};

struct TarnBertModel {
  int32_t hidden, heads, intermediate, vocabulary, positions, layer_count;
  float epsilon;  // of the layer norms
  const float *words, *position_rows, *type_row, *norm, *norm_bias;
  const TarnBertLayer* layers;
};

struct TarnOpenVinoOptions {
  int32_t streams;  // inferences at once, each on one core
  int32_t bf16;     // 1: compute in bfloat16 where the machine has it; 0: in float32
};

using TarnOpenVinoVersion = const char*();
using TarnOpenVinoLoad = void*(const TarnBertModel*, const TarnOpenVinoOptions*, char* error, size_t error_size);
// `rows` texts of `length` ids each, padded; mask is 1 for an id and 0 for padding. out: rows × hidden, unit vectors.
// tokens: null, or room for what the last layer says of each id, rows × length × hidden.
using TarnOpenVinoInfer = int(void* model, int32_t stream, const int32_t* ids, const float* mask, int32_t rows,
                              int32_t length, float* out, float* tokens, char* error, size_t error_size);
using TarnOpenVinoUnload = void(void* model);

// What the module exports. The name of load changes with anything above, so that an old module is not taken for a new
// one.
[[gnu::visibility("default")]] TarnOpenVinoVersion tarn_openvino_version;
[[gnu::visibility("default")]] TarnOpenVinoLoad tarn_openvino_load_2;
[[gnu::visibility("default")]] TarnOpenVinoInfer tarn_openvino_infer;
[[gnu::visibility("default")]] TarnOpenVinoUnload tarn_openvino_unload;
}
