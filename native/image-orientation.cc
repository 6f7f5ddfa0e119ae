// Reads EXIF with every offset checked against the bytes that are there, and turns pictures.
#include "image-orientation.h"

#include <cstring>

namespace sconce {
namespace {

constexpr uint16_t kOrientationTag = 0x0112;
constexpr uint16_t kShort = 3;

class Tiff {
 public:
  Tiff(const uint8_t* data, size_t size) : data_(data), size_(size) {
    if (size < 8) return;
    is_little_ = data[0] == 'I' && data[1] == 'I';
    is_valid_ = (is_little_ || (data[0] == 'M' && data[1] == 'M')) && word(2) == 42;
  }
  bool is_valid() const { return is_valid_; }
  bool has(size_t offset, size_t count) const { return offset <= size_ && count <= size_ - offset; }
  uint32_t word(size_t at) const { return is_little_ ? data_[at] | data_[at + 1] << 8 : data_[at] << 8 | data_[at + 1]; }
  uint32_t long_word(size_t at) const { return is_little_ ? word(at) | word(at + 2) << 16 : word(at) << 16 | word(at + 2); }

 private:
  const uint8_t* data_;
  size_t size_;
  bool is_little_ = false;
  bool is_valid_ = false;
};

}  // namespace

int exif_orientation(const uint8_t* data, size_t size) {
  // JPEG puts a name before the block, and some writers of PNG do.
  if (size >= 6 && std::memcmp(data, "Exif\0\0", 6) == 0) return exif_orientation(data + 6, size - 6);
  Tiff tiff(data, size);
  if (!tiff.is_valid()) return 1;
  size_t directory = tiff.long_word(4);
  if (!tiff.has(directory, 2)) return 1;
  size_t count = tiff.word(directory);
  for (size_t i = 0; i < count; ++i) {
    size_t entry = directory + 2 + i * 12;
    if (!tiff.has(entry, 12)) return 1;
    if (tiff.word(entry) != kOrientationTag || tiff.word(entry + 2) != kShort || tiff.long_word(entry + 4) != 1) continue;
    int value = static_cast<int>(tiff.word(entry + 8));
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

int jpeg_orientation(const EncodedImage& image) {
  const uint8_t* bytes = image.bytes;
  size_t at = 2;
  while (at + 4 <= image.size && bytes[at] == 0xff) {
    const uint8_t marker = bytes[at + 1];
    if (marker == 0xff) {  // a filling byte
      ++at;
      continue;
    }
    if (marker == 0xda || marker == 0xd9) return 1;  // the picture begins, or there is none
    const size_t length = static_cast<size_t>(bytes[at + 2]) << 8 | bytes[at + 3];
    if (length < 2 || length > image.size - at - 2) return 1;
    const uint8_t* data = bytes + at + 4;
    if (marker == 0xe1 && length >= 8 && std::memcmp(data, "Exif\0\0", 6) == 0) return exif_orientation(data, length - 2);
    at += 2 + length;
  }
  return 1;
}

Pixels turn_upright(const Pixels& pixels, int orientation, ImageBuffer& target) {
  if (orientation <= 1) return pixels;
  const int64_t width = pixels.width, height = pixels.height;
  uint8_t* out = target.reserve(static_cast<size_t>(width * height * 3));
  // Where the pixel at (0, 0) goes, and how far one step along a row and along a column of the source goes.
  const bool swaps = swaps_edges(orientation);
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  const int64_t out_width = swaps ? height : width, out_height = swaps ? width : height;
  const int64_t right = from_right ? -1 : 1, down = from_bottom ? -out_width : out_width;
  const int64_t start = (from_right ? out_width - 1 : 0) + (from_bottom ? (out_height - 1) * out_width : 0);
  const int64_t along_row = swaps ? down : right, along_column = swaps ? right : down;
  const uint8_t* in = pixels.data;
  for (int64_t y = 0; y < height; ++y) {
    int64_t to = start + y * along_column;
    for (int64_t x = 0; x < width; ++x, to += along_row, in += 3) std::memcpy(out + to * 3, in, 3);
  }
  return {out, out_width, out_height};
}

}  // namespace sconce
