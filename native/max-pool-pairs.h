// The inner loops of maximum pooling of float32 planes by windows of two by two, several windows at a time.
#pragma once

#include <cstdint>

namespace sconce {

// Whether this processor has them.
bool has_pool_pairs();

// One plane [height, width] into [height / 2, width / 2]; `places` are those in the plane. It has fewer than 2^31 elements.
void pool_plane_pairs(const float* input, int64_t height, int64_t width, float* output, int64_t* places);

// The other way: all of `grad_input`, zero where no gradient goes. False where a place is none of its window; then what is in `grad_input` is of no use.
bool spread_plane_pairs(const float* grad_output, const int64_t* places, int64_t height, int64_t width, float* grad_input);

}  // namespace sconce
