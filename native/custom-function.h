// Functions whose forward and backward are written in TypeScript.
#pragma once

#include <torch/csrc/autograd/function.h>

#include <cstdint>

namespace sconce {

// How many are alive in graphs, in the whole process.
int64_t live_function_nodes();

bool is_custom_function(const torch::autograd::Node& node);

}  // namespace sconce
