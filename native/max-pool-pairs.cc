#include "max-pool-pairs.h"

#include <algorithm>
#include <cstdlib>

#include "avx2.h"

#ifdef SCONCE_HAS_AVX2

namespace sconce {
namespace {

// Windows of one vector. Inside, they are in the order in which picking every second element leaves them: 0 1 4 5 2 3 6 7.
constexpr int64_t kWindows = 8;

SCONCE_AVX2_INLINE __m256 in_order(__m256 values) { return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(values), 0xD8)); }

struct Row {
  __m256 even, odd;
};

SCONCE_AVX2_INLINE Row load_row(const float* data, int64_t count) {
  __m256 one, two;
  if (count == kWindows) {
    one = _mm256_loadu_ps(data);
    two = _mm256_loadu_ps(data + 8);
  } else {
    one = _mm256_maskload_ps(data, mask_of(2 * count));
    two = _mm256_maskload_ps(data + 8, mask_of(2 * count - 8));
  }
  return {_mm256_shuffle_ps(one, two, 0x88), _mm256_shuffle_ps(one, two, 0xDD)};
}

SCONCE_AVX2_INLINE void store_row(float* data, __m256 even, __m256 odd, int64_t count) {
  const __m256 one = _mm256_unpacklo_ps(even, odd), two = _mm256_unpackhi_ps(even, odd);
  if (count == kWindows) {
    _mm256_storeu_ps(data, one);
    _mm256_storeu_ps(data + 8, two);
  } else {
    _mm256_maskstore_ps(data, mask_of(2 * count), one);
    _mm256_maskstore_ps(data + 8, mask_of(2 * count - 8), two);
  }
}

SCONCE_AVX2_INLINE __m256i first_places(int64_t begin) {
  return _mm256_add_epi32(_mm256_set1_epi32(static_cast<int>(begin)), _mm256_setr_epi32(0, 2, 8, 10, 4, 6, 12, 14));
}

// A value takes the place of the one before where it is larger, or not a number: so the first of equal ones stays.
SCONCE_AVX2_INLINE void take(__m256& best, __m256i& place, __m256 next, __m256i next_place) {
  const __m256 is_taken = _mm256_or_ps(_mm256_cmp_ps(next, best, _CMP_GT_OQ), _mm256_cmp_ps(next, next, _CMP_UNORD_Q));
  best = _mm256_blendv_ps(best, next, is_taken);
  place = _mm256_castps_si256(_mm256_blendv_ps(_mm256_castsi256_ps(place), _mm256_castsi256_ps(next_place), is_taken));
}

SCONCE_AVX2_INLINE void store_places(int64_t* places, __m256i ordered, int64_t count) {
  int64_t some[kWindows];
  int64_t* to = count == kWindows ? places : some;
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_cvtepi32_epi64(_mm256_castsi256_si128(ordered)));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + 4), _mm256_cvtepi32_epi64(_mm256_extracti128_si256(ordered, 1)));
  if (count < kWindows) std::copy_n(some, count, places);
}

}  // namespace

bool has_pool_pairs() { return has_avx2(); }

SCONCE_AVX2 void pool_plane_pairs(const float* input, int64_t height, int64_t width, float* output, int64_t* places) {
  const int64_t out_width = width / 2;
  const __m256i right = _mm256_set1_epi32(1), below = _mm256_set1_epi32(static_cast<int>(width));
  for (int64_t y = 0; y < height / 2; ++y) {
    for (int64_t x = 0; x < out_width; x += kWindows) {
      const int64_t count = std::min(kWindows, out_width - x), begin = 2 * (y * width + x);
      const Row upper = load_row(input + begin, count), lower = load_row(input + begin + width, count);
      const __m256i first = first_places(begin), third = _mm256_add_epi32(first, below);
      __m256 best = upper.even;
      __m256i place = first;
      take(best, place, upper.odd, _mm256_add_epi32(first, right));
      take(best, place, lower.even, third);
      take(best, place, lower.odd, _mm256_add_epi32(third, right));
      if (count == kWindows) _mm256_storeu_ps(output + y * out_width + x, in_order(best));
      else _mm256_maskstore_ps(output + y * out_width + x, mask_of(count), in_order(best));
      store_places(places + y * out_width + x, _mm256_castps_si256(in_order(_mm256_castsi256_ps(place))), count);
    }
  }
}

SCONCE_AVX2 bool spread_plane_pairs(const float* grad_output, const int64_t* places, int64_t height, int64_t width, float* grad_input) {
  const int64_t out_width = width / 2;
  const __m256i right = _mm256_set1_epi32(1), below = _mm256_set1_epi32(static_cast<int>(width));
  __m256i is_in_window = _mm256_set1_epi32(-1);
  for (int64_t y = 0; y < height / 2; ++y) {
    for (int64_t x = 0; x < out_width; x += kWindows) {
      const int64_t count = std::min(kWindows, out_width - x), begin = 2 * (y * width + x), out = y * out_width + x;
      int64_t some[kWindows];
      const int64_t* given = places + out;
      if (count < kWindows) {
        for (int64_t i = 0; i < kWindows; ++i) some[i] = i < count ? given[i] : begin + 2 * i;
        given = some;
      }
      const __m256 low = _mm256_loadu_ps(reinterpret_cast<const float*>(given)), high = _mm256_loadu_ps(reinterpret_cast<const float*>(given + 4));
      const __m256i place = _mm256_castps_si256(_mm256_shuffle_ps(low, high, 0x88));
      const __m256i is_small = _mm256_cmpeq_epi32(_mm256_castps_si256(_mm256_shuffle_ps(low, high, 0xDD)), _mm256_setzero_si256());
      const __m256i first = first_places(begin), third = _mm256_add_epi32(first, below);
      const __m256i is[4] = {_mm256_cmpeq_epi32(place, first), _mm256_cmpeq_epi32(place, _mm256_add_epi32(first, right)), _mm256_cmpeq_epi32(place, third),
                             _mm256_cmpeq_epi32(place, _mm256_add_epi32(third, right))};
      const __m256i is_one = _mm256_or_si256(_mm256_or_si256(is[0], is[1]), _mm256_or_si256(is[2], is[3]));
      is_in_window = _mm256_and_si256(is_in_window, _mm256_and_si256(is_one, is_small));
      __m256 gradient = count == kWindows ? _mm256_loadu_ps(grad_output + out) : _mm256_maskload_ps(grad_output + out, mask_of(count));
      // Added to zero, as libtorch does it: of -0 that makes 0.
      gradient = _mm256_add_ps(in_order(gradient), _mm256_setzero_ps());
      auto where = [&](int i) SCONCE_AVX2 { return _mm256_and_ps(_mm256_castsi256_ps(is[i]), gradient); };
      store_row(grad_input + begin, where(0), where(1), count);
      store_row(grad_input + begin + width, where(2), where(3), count);
    }
    if (width % 2) grad_input[(2 * y + 1) * width - 1] = grad_input[(2 * y + 2) * width - 1] = 0;
  }
  if (height % 2) std::fill_n(grad_input + (height - 1) * width, width, 0.0f);
  return _mm256_movemask_epi8(is_in_window) == -1;
}

}  // namespace sconce

#else

namespace sconce {

bool has_pool_pairs() { return false; }
void pool_plane_pairs(const float*, int64_t, int64_t, float*, int64_t*) { std::abort(); }
bool spread_plane_pairs(const float*, const int64_t*, int64_t, int64_t, float*) { std::abort(); }

}  // namespace sconce

#endif
