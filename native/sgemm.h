// Products of float32 matrices for processors with AVX-512.
#pragma once

#include <cstdint>

namespace sconce {

// c[i][j] = start + sum over p of a[i][p] * b[p][j], i < m, j < n, p < k. Strides count elements. One stride of `a` and one of `b` is 1; rows of `c` are `ldc` apart.
struct Product {
  int64_t m, n, k;
  const float* a;
  int64_t a_row, a_column;
  const float* b;
  int64_t b_row, b_column;
  float* c;
  int64_t ldc;
  const float* bias = nullptr;  // [n], what every row starts with; else 0
};

// Whether this processor has what `multiply` needs, and is one of those for which MKL leaves it unused.
bool can_multiply();

// Each element is a chain of fused multiply-adds in the order of p, from 0, over pieces of p; the sums of pieces are added in their order. Pieces are of 192; of fewer
// than 384 and more than 192 they are of half, and one more where one is left. That is the order of MKL's kernels for AVX2, found by trying.
void multiply(const Product& product, int num_threads);

}  // namespace sconce
