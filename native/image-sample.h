// One picture from its file to its place in a batch.
#pragma once

#include <functional>
#include <string>

#include "image-geometry.h"

namespace sconce {

// Where a picture comes from: a path; bytes of a file; or, where `width` is not 0, pixels of four bytes that another decoder made.
struct ImageSource {
  std::string path;
  std::string bytes;
  int64_t width = 0;
  int64_t height = 0;
};

// Makes the sample: [3, height, width] of uint8 or float32 in the memory that `allocate` gives for this size. Throws ImageError or std::bad_alloc.
void make_sample(const ImageSource& source, const ImagePlan& plan, uint64_t seed, const std::function<void*(int64_t height, int64_t width)>& allocate);

}  // namespace sconce
