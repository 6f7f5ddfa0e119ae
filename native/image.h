// What the parts of the picture pipeline share: buffers, pixels, and the reason why a picture cannot be had.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <utility>

namespace sconce {

enum class ImageFault { kRead, kFormat, kBroken, kTooLarge, kTooSmall, kMemory };

// Thrown and caught on the thread that makes the picture. `got` completes "expected …, got ".
struct ImageError {
  ImageFault fault;
  std::string got;
};

// Bytes that are not initialised and that a thread uses again for its next picture.
class ImageBuffer {
 public:
  // What was there is lost. A few bytes behind the end may be read and written too: pixels of three bytes are moved four at a time.
  uint8_t* reserve(size_t bytes) {
    constexpr size_t kSlack = 64;
    if (bytes + kSlack > capacity_) {
      data_.reset();
      capacity_ = 0;
      data_.reset(static_cast<uint8_t*>(std::malloc(bytes + kSlack)));
      if (!data_) throw std::bad_alloc();
      capacity_ = bytes + kSlack;
    }
    return data_.get();
  }
  uint8_t* data() const { return data_.get(); }
  // Gives memory back that one huge picture needed.
  void trim(size_t limit) {
    if (capacity_ <= limit) return;
    data_.reset();
    capacity_ = 0;
  }

 private:
  struct Free {
    void operator()(uint8_t* data) const { std::free(data); }
  };
  std::unique_ptr<uint8_t, Free> data_;
  size_t capacity_ = 0;
};

// Red, green and blue, three bytes a pixel, row by row without gaps.
struct Pixels {
  uint8_t* data;
  int64_t width;
  int64_t height;
};

struct EncodedImage {
  const uint8_t* bytes;
  size_t size;
};

// How transparent pixels become opaque ones.
struct AlphaRule {
  bool is_ignored;  // the colour stays, whatever its alpha
  uint8_t background[3];
};

// Refuses before memory is taken: a small file can claim any size.
void check_pixels(uint64_t width, uint64_t height, uint64_t max_pixels);

// Pixels of four bytes become pixels of three in the same memory.
void flatten(uint8_t* pixels, size_t count, const AlphaRule& rule);

}  // namespace sconce
