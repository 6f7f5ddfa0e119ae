// Random numbers of one sample: the Philox stream of src/data/philox.ts, word for word.
#pragma once

#include <cstdint>

namespace sconce {

class SampleRandom {
 public:
  explicit SampleRandom(uint64_t seed) : key_{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)} {}

  uint32_t next() {
    if (used_ == 4) refill();
    return words_[used_++];
  }
  // Uniform in [0, 1), in steps of 2^-32.
  double uniform() { return next() * 0x1p-32; }
  double between(double low, double high) { return low + (high - low) * uniform(); }
  // Uniform in [0, bound), without bias. Bound: at least 1.
  uint32_t below(uint32_t bound) {
    const uint64_t limit = (uint64_t{1} << 32) - (uint64_t{1} << 32) % bound;
    for (;;) {
      uint32_t word = next();
      if (word < limit) return word % bound;
    }
  }

 private:
  // Purpose.image of philox.ts.
  static constexpr uint32_t kPurpose = 50;

  void refill() {
    uint32_t x[4] = {block_++, 0, 0, kPurpose};
    uint32_t k0 = key_[0], k1 = key_[1];
    for (int round = 0; round < 10; ++round) {
      const uint64_t first = uint64_t{0xd2511f53} * x[0], second = uint64_t{0xcd9e8d57} * x[2];
      const uint32_t next[4] = {static_cast<uint32_t>(second >> 32) ^ x[1] ^ k0, static_cast<uint32_t>(second),
                                static_cast<uint32_t>(first >> 32) ^ x[3] ^ k1, static_cast<uint32_t>(first)};
      for (int i = 0; i < 4; ++i) x[i] = next[i];
      k0 += 0x9e3779b9;
      k1 += 0xbb67ae85;
    }
    for (int i = 0; i < 4; ++i) words_[i] = x[i];
    used_ = 0;
  }

  uint32_t key_[2];
  uint32_t words_[4] = {};
  uint32_t block_ = 0;
  int used_ = 4;
};

}  // namespace sconce
