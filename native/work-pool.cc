// The pool's threads and its queue.
#include "work-pool.h"

#include <pthread.h>
#include <signal.h>
#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace sconce {

class WorkPool {
 public:
  // Never destroyed: its threads run until the process ends.
  static WorkPool& instance() {
    static auto* pool = new WorkPool;
    return *pool;
  }

  void submit(std::shared_ptr<PoolJob> job) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      start_threads();
      jobs_.push_back(std::move(job));
    }
    changed_.notify_all();
  }

 private:
  static size_t num_cores() {
#ifdef __linux__
    cpu_set_t cores;
    if (sched_getaffinity(0, sizeof cores, &cores) == 0) return static_cast<size_t>(std::max(CPU_COUNT(&cores), 1));
#endif
    return std::max(std::thread::hardware_concurrency(), 1u);
  }

  void start_threads() {
    const size_t wanted = num_threads_ > 0 ? num_threads_ : num_cores();
    // Signals are the main thread's: one that a thread here took would interrupt its reads.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      for (; num_threads_ < wanted; ++num_threads_) std::thread([this] { work(); }).detach();
    } catch (const std::system_error&) {
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
      if (num_threads_ == 0) throw;
      return;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void work() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return !jobs_.empty(); });
      std::shared_ptr<PoolJob> job = jobs_.front();
      size_t piece = job->num_begun_++;
      if (job->num_begun_ == job->num_pieces) jobs_.pop_front();
      lock.unlock();
      job->run(piece);
      lock.lock();
      bool is_last = ++job->num_done_ == job->num_pieces;
      lock.unlock();
      if (is_last) job->finish();
      job.reset();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<PoolJob>> jobs_;
  size_t num_threads_ = 0;
};

void submit(std::shared_ptr<PoolJob> job) { WorkPool::instance().submit(std::move(job)); }

}  // namespace sconce
