// Functions for processors with AVX2, in an addon for all: `SCONCE_AVX2 void loop(…)`, called only where `has_avx2()`.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__)
#define SCONCE_HAS_AVX2
#include <immintrin.h>

#include <cstdint>

#define SCONCE_AVX2 __attribute__((target("avx2,fma")))
#define SCONCE_AVX2_INLINE static inline __attribute__((always_inline, target("avx2,fma")))

namespace sconce {

inline bool has_avx2() {
  static const bool has_both = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return has_both;
}

// The first `count` of eight.
SCONCE_AVX2_INLINE __m256i mask_of(int64_t count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

}  // namespace sconce

#endif
