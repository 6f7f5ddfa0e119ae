// Which part of a picture becomes which part of the result.
#pragma once

#include "image-resample.h"

namespace sconce {

enum class Fit { kNone, kShorterEdge, kExact, kInside };
enum class Crop { kNone, kCentre, kRandom, kRandomResized };

// How a picture becomes a sample, as src/data/sources/image-plan.ts writes it.
struct ImagePlan {
  bool is_float;
  uint64_t max_pixels;
  AlphaRule alpha;
  bool keeps_orientation;  // as the pixels lie in the file
  bool scales_in_decoder;
  Fit fit;
  int64_t fit_height, fit_width;
  Filter filter;
  Crop crop;
  int64_t crop_height, crop_width;
  int64_t padding;
  uint8_t fill[3];
  double scale[2], ratio[2];
  double flip;
  float mean[3], std[3];

  // Every picture gives a result of one size.
  bool has_fixed_size() const { return crop != Crop::kNone || fit == Fit::kExact || fit == Fit::kInside; }
  int64_t fixed_height() const { return crop != Crop::kNone ? crop_height : fit_height; }
  int64_t fixed_width() const { return crop != Crop::kNone ? crop_width : fit_width; }
};

struct Geometry {
  Window part;                          // of the picture: what is resized
  int64_t canvas_width, canvas_height;  // to this size
  int64_t left, top;                    // where the result begins on the canvas; below 0 or beyond it there is `fill`
  int64_t width, height;                // of the result
  bool is_flipped;
};

// The draws are those of torchvision's RandomCrop, RandomResizedCrop and RandomHorizontalFlip, from the stream of `seed`: first the crop's, then the flip's.
// Throws where the picture is smaller than a crop.
Geometry place(const ImagePlan& plan, int64_t width, int64_t height, uint64_t seed);

}  // namespace sconce
