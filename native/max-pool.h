// Our kernel for maximum pooling, in the place of libtorch's.
#pragma once

namespace sconce {

// Once for the process.
void install_max_pool();

}  // namespace sconce
