// One version of an inner loop for processors with AVX2 and one for all, chosen when the addon is loaded: `SCONCE_VECTOR_VERSIONS void loop(…)`.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__GLIBC__)
#define SCONCE_VECTOR_VERSIONS __attribute__((target_clones("avx2", "default"), optimize("O3")))
#else
#define SCONCE_VECTOR_VERSIONS
#endif
