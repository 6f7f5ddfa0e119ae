// JPEG by libjpeg-turbo, where the addon is linked with it.
#pragma once

#include <functional>

#include "image.h"

namespace sconce {

// libjpeg-turbo's version, or null where it is not there.
const char* jpeg_version();
bool is_jpeg(const EncodedImage& image);

// Decodes with the accurate integer transform and smooth upsampling, as Pillow does. `choose_scale` is given the size in the file and says by what
// the decoder shall divide it: 1, 2, 4 or 8.
Pixels decode_jpeg(const EncodedImage& image, uint64_t max_pixels, const std::function<int(int64_t, int64_t)>& choose_scale, ImageBuffer& target,
                   ImageBuffer& row);

}  // namespace sconce
