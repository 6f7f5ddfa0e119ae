// Kernels of our own for the CPU, in the place of libtorch's: the same bits, sooner.
#pragma once

namespace torch {
class Library;
}

namespace sconce {

struct Registrar;

// Once for the process.
void install_own_kernels();

void register_batch_norm(torch::Library& library);
void register_max_pool(torch::Library& library);

// What JavaScript sees of them.
void register_products(Registrar& add);

}  // namespace sconce
