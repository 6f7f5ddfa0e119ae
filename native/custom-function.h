// Functions whose forward and backward are written in TypeScript.
#pragma once

#include <cstdint>

namespace sconce {

// How many are alive in graphs, in the whole process.
int64_t live_function_nodes();

}  // namespace sconce
