#include "cli/version.h"

#include <sys/utsname.h>

#ifndef TARN_VERSION
#define TARN_VERSION "0.0.0"
#endif
#ifndef TARN_COMMIT
#define TARN_COMMIT "unknown"
#endif
#ifndef TARN_BUILD_TYPE
#define TARN_BUILD_TYPE "unknown"
#endif
#ifndef TARN_DUCKDB_VERSION
#define TARN_DUCKDB_VERSION "unknown"
#endif
#ifndef TARN_OPENVINO_VERSION
#define TARN_OPENVINO_VERSION "unknown"
#endif

namespace tarn::cli {
namespace {

json::Value cpu_features() {
  json::Value features = json::Value::array();
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("sse4.2")) features.push("sse4.2");
  if (__builtin_cpu_supports("avx2")) features.push("avx2");
  if (__builtin_cpu_supports("fma")) features.push("fma");
  if (__builtin_cpu_supports("avx512f")) features.push("avx512f");
  if (__builtin_cpu_supports("avx512bw")) features.push("avx512bw");
  if (__builtin_cpu_supports("avx512vnni")) features.push("avx512vnni");
#elif defined(__aarch64__)
  features.push("neon");  // every 64-bit ARM has it
#endif
  return features;
}

}  // namespace

std::string version() { return TARN_VERSION; }

json::Value version_json() {
  utsname machine{};
  uname(&machine);
  return json::Value::object({{"version", TARN_VERSION},
                              {"commit", TARN_COMMIT},
                              {"build_type", TARN_BUILD_TYPE},
                              {"compiler", __VERSION__},
                              {"duckdb", TARN_DUCKDB_VERSION},
                              {"openvino", TARN_OPENVINO_VERSION},
                              {"system", std::string(machine.sysname) + " " + machine.release + " " + machine.machine},
                              {"cpu_features", cpu_features()}});
}

}  // namespace tarn::cli
