// Functions for processors with AVX-512, in an addon for all: `__attribute__((target(SCONCE_AVX512_TARGET)))`, called only where `has_avx512()`.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__)
#define SCONCE_AVX512_TARGET "avx512f,avx512bw,avx512vl,avx512dq,avx2,fma"
#include <immintrin.h>

namespace sconce {

inline bool has_avx512() {
  static const bool has_all = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                              __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return has_all;
}

}  // namespace sconce

#endif
