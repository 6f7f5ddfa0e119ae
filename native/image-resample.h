// Resizing by convolution in two passes, with a filter as wide as the reduction asks (antialias).
#pragma once

#include "image.h"

namespace sconce {

enum class Filter { kBilinear, kBicubic, kLanczos };

struct Box {
  double left, top, right, bottom;
};
struct Window {
  int64_t left, top, right, bottom;
  int64_t width() const { return right - left; }
  int64_t height() const { return bottom - top; }
};

// The part `window` of the picture that `box` of the source makes at `width` x `height`. Weights are whole numbers of 2^-22 and each pass rounds to 8
// bits: bit for bit what Pillow's resize(size, resample, box) gives. A step without change of size is left out.
Pixels resample(const Pixels& source, const Box& box, int64_t width, int64_t height, const Window& window, Filter filter, ImageBuffer& rows,
                ImageBuffer& target);

}  // namespace sconce
