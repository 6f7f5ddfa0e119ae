// EXIF orientation: found in a file's metadata, and undone.
#pragma once

#include "image.h"

namespace sconce {

// The orientation, 1 to 8, that a block of EXIF data (a TIFF header and its first directory) names; 1 where it names none.
int exif_orientation(const uint8_t* data, size_t size);
// The same for a JPEG file, from its segments before the picture.
int jpeg_orientation(const EncodedImage& image);

inline bool swaps_edges(int orientation) { return orientation >= 5; }
// The picture upright, in `target`; the picture itself where nothing is to do.
Pixels turn_upright(const Pixels& pixels, int orientation, ImageBuffer& target);

}  // namespace sconce
