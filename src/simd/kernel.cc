#include "simd/kernel.h"

#include <vector>

namespace tarn::simd {

std::string_view kernel_name(Kernel kernel) {
  switch (kernel) {
    case Kernel::scalar:
      return "scalar";
    case Kernel::avx2:
      return "avx2";
    case Kernel::avx512:
      return "avx512";
    case Kernel::neon:
      return "neon";
  }
  return "";
}

std::span<const Kernel> available_kernels() {
  static const std::vector<Kernel> kernels = [] {
    std::vector<Kernel> found{Kernel::scalar};
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c");
    if (avx2) found.push_back(Kernel::avx2);
    if (avx2 && __builtin_cpu_supports("avx512f")) found.push_back(Kernel::avx512);
#elif defined(__aarch64__)
    found.push_back(Kernel::neon);
#endif
    return found;
  }();
  return kernels;
}

Kernel best_kernel() { return available_kernels().back(); }

}  // namespace tarn::simd
