// Floating-point operations of one operator, from the sizes of its arguments.
#pragma once

#include <ATen/record_function.h>

namespace sconce {

// Of matrix products, convolutions and attention, forward and backward, a multiplication and an addition counting two; 0 for everything else.
double flops_of(const at::RecordFunction& function);

}  // namespace sconce
