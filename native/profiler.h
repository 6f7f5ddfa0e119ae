// Counts what JavaScript asks of libtorch, and records every operator while somebody asks for it.
#pragma once

#include <node_api.h>

#include "environment.h"

namespace sconce {

// The places of what is counted, in the memory that JavaScript reads.
enum Counter : size_t { kOperators, kReads, kNumCounters };

// Notes that JavaScript has read a tensor's elements; throws what JavaScript throws that waits for it.
void note_read(Call& call);

// Ends the record of operators that a thread has begun, where it has one: its environment closes.
void close_profiler(Environment& self);

}  // namespace sconce
