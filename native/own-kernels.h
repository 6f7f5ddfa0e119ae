// Kernels of our own for the CPU, in the place of libtorch's: the same bits, sooner.
#pragma once

#include <cstdint>

namespace torch {
class Library;
}

namespace sconce {

struct Registrar;

// Once for the process.
void install_own_kernels();

void register_adam(torch::Library& library);
void register_batch_norm(torch::Library& library);
void register_first_convolution(torch::Library& library);
void register_matmul(torch::Library& library);
void register_max_pool(torch::Library& library);

// Whether the update of a form of Adam has libtorch's bits, tried on numbers made for it. Where there is no such kernel, or no processor for it: nothing.
enum class Verdict : int8_t { kNone, kOther, kSame };
Verdict try_adam(bool is_decoupled, bool amsgrad, bool maximize, double weight_decay);

// What JavaScript sees of them.
void register_trials(Registrar& add);

}  // namespace sconce
