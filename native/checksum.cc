// CRC-32 by carry-less multiplication. Source: Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009;
// the constants are powers of x modulo the polynomial 0x104c11db7, bits reflected.
#include "checksum.h"

#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace sconce {
namespace {

std::array<uint32_t, 256> make_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) ? 0xedb88320u : 0);
    table[byte] = value;
  }
  return table;
}

// `state` is the CRC with all its bits flipped.
uint32_t add_bytes(uint32_t state, const uint8_t* data, size_t size) {
  static const std::array<uint32_t, 256> table = make_table();
  for (size_t i = 0; i < size; ++i) state = (state >> 8) ^ table[(state ^ data[i]) & 0xff];
  return state;
}

#if defined(__x86_64__)

#define SCONCE_CLMUL __attribute__((target("pclmul,sse4.1")))

// value * x^shift + next, 128 bits at a time: both halves are multiplied by their own power of x.
SCONCE_CLMUL inline __m128i fold(__m128i value, __m128i powers, __m128i next) {
  __m128i low = _mm_clmulepi64_si128(value, powers, 0x00);
  __m128i high = _mm_clmulepi64_si128(value, powers, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

SCONCE_CLMUL inline __m128i load(const uint8_t* data) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(data)); }

// At least 64 bytes, a multiple of 16.
SCONCE_CLMUL uint32_t add_blocks(uint32_t state, const uint8_t* data, size_t size) {
  const __m128i by_512 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
  const __m128i by_128 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
  const __m128i by_64 = _mm_set_epi64x(0, 0x0163cd6124);
  const __m128i barrett = _mm_set_epi64x(0x01f7011641, 0x01db710641);
  const __m128i low_word = _mm_setr_epi32(~0, 0, ~0, 0);

  __m128i a = _mm_xor_si128(load(data), _mm_cvtsi32_si128(static_cast<int>(state)));
  __m128i b = load(data + 16), c = load(data + 32), d = load(data + 48);
  data += 64;
  size -= 64;
  for (; size >= 64; data += 64, size -= 64) {
    a = fold(a, by_512, load(data));
    b = fold(b, by_512, load(data + 16));
    c = fold(c, by_512, load(data + 32));
    d = fold(d, by_512, load(data + 48));
  }
  a = fold(fold(fold(a, by_128, b), by_128, c), by_128, d);
  for (; size >= 16; data += 16, size -= 16) a = fold(a, by_128, load(data));

  // 128 bits to 64, then to 32 by Barrett's reduction.
  a = _mm_xor_si128(_mm_srli_si128(a, 8), _mm_clmulepi64_si128(a, by_128, 0x10));
  a = _mm_xor_si128(_mm_clmulepi64_si128(_mm_and_si128(a, low_word), by_64, 0x00), _mm_srli_si128(a, 4));
  __m128i quotient = _mm_and_si128(_mm_clmulepi64_si128(_mm_and_si128(a, low_word), barrett, 0x10), low_word);
  a = _mm_xor_si128(a, _mm_clmulepi64_si128(quotient, barrett, 0x00));
  return static_cast<uint32_t>(_mm_extract_epi32(a, 1));
}

#endif

}  // namespace

bool has_fast_crc32() {
#if defined(__x86_64__)
  static const bool has = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
  return has;
#else
  return false;
#endif
}

uint32_t fast_crc32(uint32_t before, const uint8_t* data, size_t size) {
  uint32_t state = ~before;
#if defined(__x86_64__)
  if (size >= 64) {
    size_t blocks = size & ~size_t{15};
    state = add_blocks(state, data, blocks);
    data += blocks;
    size -= blocks;
  }
#endif
  return ~add_bytes(state, data, size);
}

uint32_t crc32(const uint8_t* data, size_t size) {
  return has_fast_crc32() ? fast_crc32(0, data, size) : ~add_bytes(~0u, data, size);
}

}  // namespace sconce
