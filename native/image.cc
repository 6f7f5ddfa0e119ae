// Limits and alpha, which every decoder of pictures shares.
#include "image.h"

namespace sconce {

void check_pixels(uint64_t width, uint64_t height, uint64_t max_pixels) {
  if (height != 0 && width <= max_pixels / height) return;
  throw ImageError{ImageFault::kTooLarge, std::to_string(width) + " x " + std::to_string(height)};
}

void flatten(uint8_t* pixels, size_t count, const AlphaRule& rule) {
  const uint8_t* in = pixels;
  uint8_t* out = pixels;
  for (size_t i = 0; i < count; ++i, in += 4, out += 3) {
    const uint32_t alpha = rule.is_ignored ? 255 : in[3];
    for (int channel = 0; channel < 3; ++channel) {
      out[channel] = static_cast<uint8_t>((in[channel] * alpha + rule.background[channel] * (255 - alpha) + 127) / 255);
    }
  }
}

}  // namespace sconce
