// Checkpoints: a body whose saved tensors are not kept but computed again when backward asks for one.
#pragma once

#include "errors.h"
#include "thread-context.h"

namespace sconce {

// A recomputation has all tensors that backward still needs: the body is left where it is.
struct StopRecomputation : PassThrough {
  const char* what() const noexcept override { return "a recomputation is complete"; }
};

// Drops what was recomputed for an engine call and not used.
void end_pass(Pass& pass);

}  // namespace sconce
