#include "sgemm.h"

#include <algorithm>
#include <array>
#include <memory>

#include "avx512.h"
#include "parallel-for.h"

#ifdef SCONCE_AVX512_TARGET
#define SCONCE_AVX512 __attribute__((target(SCONCE_AVX512_TARGET), optimize("O3")))
#endif

namespace sconce {

#ifndef SCONCE_AVX512

bool can_multiply() { return false; }
void multiply(const Product&, int) {}

#else

namespace {

constexpr int kRows = 14;      // of a tile: 28 registers of sums, two of `b`, one of `a`
constexpr int kColumns = 32;   // of a tile
constexpr int64_t kPiece = 192;
constexpr int64_t kRowsAtOnce = 36 * kRows;  // whose piece of `a` stays in the second cache
constexpr int64_t kPadding = 16;

struct Tile {
  const float* a;
  int64_t a_row, a_column;
  const float* b;
  int64_t b_row;
  int64_t k;
  float* c;
  int64_t ldc;
  const float* bias;  // [columns of the tile]
  bool is_first;      // piece of the sum: nothing is in `c` yet
  __mmask16 last;     // columns of the last register
};

// Whole columns of registers: the last of `Registers` is masked.
template <int Rows, int Registers, bool IsColumnMajor>
SCONCE_AVX512 void multiply_tile(const Tile& t) {
  __m512 sums[Rows][Registers];
#pragma GCC unroll 14
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 2
    for (int j = 0; j < Registers; ++j) sums[i][j] = _mm512_setzero_ps();
  const float* b = t.b;
  const float* a0 = t.a;
  const int64_t row = t.a_row;
  const float* a4 = a0 + 4 * row;
  const float* a8 = a0 + 8 * row;
  const float* a12 = a0 + 12 * row;
  const int64_t row3 = 3 * row;
  for (int64_t p = 0; p < t.k; ++p) {
    __m512 values[Registers];
    if (Registers == 2) {
      values[0] = _mm512_loadu_ps(b);
      values[Registers - 1] = _mm512_maskz_loadu_ps(t.last, b + 16);
    } else {
      values[0] = _mm512_maskz_loadu_ps(t.last, b);
    }
    b += t.b_row;
#pragma GCC unroll 14
    for (int i = 0; i < Rows; ++i) {
      const float* from;
      if (IsColumnMajor) {
        from = a0 + i;
      } else {
        const float* base = i < 4 ? a0 : i < 8 ? a4 : i < 12 ? a8 : a12;
        from = i % 4 == 0 ? base : i % 4 == 1 ? base + row : i % 4 == 2 ? base + 2 * row : base + row3;
      }
      __m512 value = _mm512_set1_ps(*from);
#pragma GCC unroll 2
      for (int j = 0; j < Registers; ++j) sums[i][j] = _mm512_fmadd_ps(value, values[j], sums[i][j]);
    }
    if (IsColumnMajor) {
      a0 += t.a_column;
    } else {
      ++a0;
      ++a4;
      ++a8;
      ++a12;
    }
  }
#pragma GCC unroll 14
  for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 2
    for (int j = 0; j < Registers; ++j) {
      const __mmask16 mask = j == Registers - 1 ? t.last : static_cast<__mmask16>(0xffff);
      float* to = t.c + i * t.ldc + 16 * j;
      __m512 sum = sums[i][j];
      if (!t.is_first) sum = _mm512_add_ps(_mm512_maskz_loadu_ps(mask, to), sum);
      else if (t.bias) sum = _mm512_add_ps(_mm512_maskz_loadu_ps(mask, t.bias + 16 * j), sum);
      _mm512_mask_storeu_ps(to, mask, sum);
    }
  }
}

using TileFunction = void (*)(const Tile&);

template <int Registers, bool IsColumnMajor, int... Rows>
constexpr std::array<TileFunction, sizeof...(Rows)> tiles_of(std::integer_sequence<int, Rows...>) {
  return {multiply_tile<Rows + 1, Registers, IsColumnMajor>...};
}

// By rows, less one.
constexpr auto kTiles = std::make_integer_sequence<int, kRows>();
constexpr std::array<std::array<TileFunction, kRows>, 4> kTileFunctions = {
    tiles_of<1, false>(kTiles), tiles_of<1, true>(kTiles), tiles_of<2, false>(kTiles), tiles_of<2, true>(kTiles)};

// 16 x 16 numbers, turned.
SCONCE_AVX512 inline void turn_block(const float* from, int64_t from_row, float* to, int64_t to_row, int64_t rows, int64_t columns) {
  __m512 r[16];
  const __mmask16 in = static_cast<__mmask16>((1u << columns) - 1);
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) r[i] = i < rows ? _mm512_maskz_loadu_ps(in, from + i * from_row) : _mm512_setzero_ps();
  __m512 s[16];
#pragma GCC unroll 8
  for (int i = 0; i < 16; i += 2) {
    s[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
    s[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4) {
    r[i] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(s[i]), _mm512_castps_pd(s[i + 2])));
    r[i + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(s[i]), _mm512_castps_pd(s[i + 2])));
    r[i + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(s[i + 1]), _mm512_castps_pd(s[i + 3])));
    r[i + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(s[i + 1]), _mm512_castps_pd(s[i + 3])));
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    s[i] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0x88);
    s[i + 4] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0xdd);
    s[i + 8] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0x88);
    s[i + 12] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0xdd);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    r[i] = _mm512_shuffle_f32x4(s[i], s[i + 8], 0x88);
    r[i + 4] = _mm512_shuffle_f32x4(s[i + 4], s[i + 12], 0x88);
    r[i + 8] = _mm512_shuffle_f32x4(s[i], s[i + 8], 0xdd);
    r[i + 12] = _mm512_shuffle_f32x4(s[i + 4], s[i + 12], 0xdd);
  }
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i)
    if (i < columns) _mm512_storeu_ps(to + i * to_row, r[i]);
}

// A piece of `b` as rows of kColumns, so that it lies close together; the columns beyond `columns` hold anything.
SCONCE_AVX512 void pack(const float* b, int64_t row, int64_t column, int64_t k, int64_t columns, float* packed) {
  if (column == 1) {
    const int64_t first = std::min<int64_t>(columns, 16);
    const __mmask16 low = static_cast<__mmask16>((1u << first) - 1);
    const __mmask16 high = static_cast<__mmask16>((1u << (columns - first)) - 1);
    for (int64_t p = 0; p < k; ++p) {
      _mm512_store_ps(packed + p * kColumns, _mm512_maskz_loadu_ps(low, b + p * row));
      if (high) _mm512_store_ps(packed + p * kColumns + 16, _mm512_maskz_loadu_ps(high, b + p * row + 16));
    }
    return;
  }
  for (int64_t j = 0; j < columns; j += 16) {
    for (int64_t p = 0; p < k; p += 16) {
      turn_block(b + j * column + p, column, packed + p * kColumns + j, kColumns, std::min<int64_t>(16, columns - j), std::min<int64_t>(16, k - p));
    }
  }
}

struct Scratch {
  alignas(64) std::array<float, kPiece * kColumns> b;
  alignas(64) std::array<float, kRowsAtOnce*(kPiece + kPadding)> a;
};

// The columns from `begin` to `end`, and the rows from `first` to `last`.
void multiply_part(const Product& g, int64_t first, int64_t last, int64_t begin, int64_t end) {
  static thread_local std::unique_ptr<Scratch> scratch;
  if (!scratch) scratch.reset(new Scratch);
  const int64_t piece = g.k <= kPiece ? std::max<int64_t>(g.k, 1) : g.k < 2 * kPiece ? g.k / 2 : kPiece;
  const bool is_column_major = g.a_row == 1 && g.a_column != 1;
  // Rows a power of two apart push each other out of the first cache.
  const bool spreads = !is_column_major && (g.a_row * 4) % 1024 == 0 && end - begin > kColumns && last - first > 4;
  // What is read once is read where it is.
  const bool packs = g.b_column != 1 || last - first > kRows;
  for (int64_t p = 0; p < std::max<int64_t>(g.k, 1); p += piece) {
    const int64_t k = std::min(piece, g.k - p);
    for (int64_t top = first; top < last; top += kRowsAtOnce) {
      const int64_t rows = std::min(kRowsAtOnce, last - top);
      const int64_t tile_rows = (rows + (rows + kRows - 1) / kRows - 1) / ((rows + kRows - 1) / kRows);
      const float* a = g.a + top * g.a_row + p * g.a_column;
      int64_t a_row = g.a_row;
      if (spreads) {
        for (int64_t i = 0; i < rows; ++i) std::copy_n(a + i * g.a_row, k, scratch->a.data() + i * (kPiece + kPadding));
        a = scratch->a.data();
        a_row = kPiece + kPadding;
      }
      for (int64_t j = begin; j < end; j += kColumns) {
        const int64_t columns = std::min<int64_t>(kColumns, end - j);
        const int registers = columns > 16 ? 2 : 1;
        Tile tile{};
        tile.a_row = a_row;
        tile.a_column = g.a_column;
        tile.b = g.b + p * g.b_row + j * g.b_column;
        tile.b_row = g.b_row;
        if (packs) {
          pack(tile.b, g.b_row, g.b_column, k, columns, scratch->b.data());
          tile.b = scratch->b.data();
          tile.b_row = kColumns;
        }
        tile.k = k;
        tile.ldc = g.ldc;
        tile.bias = g.bias ? g.bias + j : nullptr;
        tile.is_first = p == 0;
        tile.last = static_cast<__mmask16>((1u << (columns - 16 * (registers - 1))) - 1);
        const auto& functions = kTileFunctions[static_cast<size_t>(2 * (registers - 1) + (is_column_major ? 1 : 0))];
        for (int64_t i = 0; i < rows; i += tile_rows) {
          tile.a = a + i * a_row;
          tile.c = g.c + (top + i) * g.ldc + j;
          functions[static_cast<size_t>(std::min(tile_rows, rows - i) - 1)](tile);
        }
      }
    }
  }
}

}  // namespace

bool can_multiply() {
  // MKL uses AVX-512 itself on Intel's, in another order.
  static const bool can = !__builtin_cpu_is("intel") && has_avx512();
  return can;
}

void multiply(const Product& g, int num_threads) {
  constexpr int64_t kLeast = int64_t{1} << 18;  // products for which a second thread pays
  if (num_threads <= 1 || g.m * g.n * std::max<int64_t>(g.k, 1) < kLeast) {
    multiply_part(g, 0, g.m, 0, g.n);
    return;
  }
  // Along the longer side, in whole tiles.
  const bool is_by_columns = g.n >= 2 * kColumns && (g.n >= g.m || g.m < 2 * kRows);
  const int64_t unit = is_by_columns ? kColumns : kRows;
  const int64_t units = ((is_by_columns ? g.n : g.m) + unit - 1) / unit;
  const int64_t parts = std::min<int64_t>(num_threads, units);
  parallel_for(0, parts, 1, [&](int64_t from, int64_t to) {
    for (int64_t part = from; part < to; ++part) {
      int64_t begin = units * part / parts * unit;
      int64_t end = std::min(units * (part + 1) / parts * unit, is_by_columns ? g.n : g.m);
      if (is_by_columns) multiply_part(g, 0, g.m, begin, end);
      else multiply_part(g, begin, end, 0, g.n);
    }
  });
}

#endif

}  // namespace sconce
