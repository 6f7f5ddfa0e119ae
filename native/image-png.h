// PNG by libpng, where the addon is linked with it.
#pragma once

#include "image.h"

namespace sconce {

// libpng's version, or null where it is not there.
const char* png_version();
bool is_png(const EncodedImage& image);

struct DecodedPng {
  Pixels pixels;
  int orientation;  // as in EXIF, 1 to 8
};

// All kinds of PNG as 8 bits of red, green and blue: of 16 bits the upper 8, no gamma and no profile, as Pillow reads them.
DecodedPng decode_png(const EncodedImage& image, const AlphaRule& alpha, uint64_t max_pixels, ImageBuffer& target);

}  // namespace sconce
