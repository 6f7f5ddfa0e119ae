// Memory that JavaScript sees as an ArrayBuffer.
#pragma once

#include "environment.h"

namespace sconce {

// Refuses memory that is larger than this Node lets JavaScript see in one piece; in place of Node's own error.
[[noreturn]] void refuse_buffer(Call& call, size_t bytes);

}  // namespace sconce
