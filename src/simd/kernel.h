// Which instruction sets this machine has: kernels are chosen when the program runs, never when it is compiled.
// Threads: answers are computed once and never change.
#pragma once

#include <span>
#include <string_view>

namespace tarn::simd {

enum class Kernel { scalar, avx2, avx512, neon };  // avx2 includes F16C; avx512 is F alone

std::string_view kernel_name(Kernel kernel);
// Those that run here, slowest first; scalar is always one of them.
std::span<const Kernel> available_kernels();
Kernel best_kernel();

}  // namespace tarn::simd
