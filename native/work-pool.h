// Threads of the process for work that is neither JavaScript's nor libtorch's: pictures are decoded on them.
#pragma once

#include <cstddef>
#include <memory>

namespace sconce {

// Work in numbered pieces that any thread may do, in any order. Jobs are begun in the order in which they came.
class PoolJob {
 public:
  explicit PoolJob(size_t pieces) : num_pieces(pieces) {}
  virtual ~PoolJob() = default;
  PoolJob(const PoolJob&) = delete;
  PoolJob& operator=(const PoolJob&) = delete;

  // Both run on threads of the pool and must not throw. `finish` comes once, behind the last piece.
  virtual void run(size_t piece) noexcept = 0;
  virtual void finish() noexcept = 0;

  const size_t num_pieces;

 private:
  friend class WorkPool;
  size_t num_begun_ = 0;
  size_t num_done_ = 0;
};

// Starts as many threads as the process may use cores, at the first job. A job has at least one piece.
// Throws std::system_error where not one thread can be started.
void submit(std::shared_ptr<PoolJob> job);

}  // namespace sconce
