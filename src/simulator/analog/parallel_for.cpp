#include "simulator/analog/parallel_for.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace crossloom {

void parallel_for(std::int64_t count, std::int64_t num_threads, const std::function<void(std::int64_t)>& task) {
  if (std::min(count, num_threads) <= 1) {
    for (std::int64_t i = 0; i < count; ++i) task(i);
    return;
  }
  std::vector<std::exception_ptr> errors(static_cast<std::size_t>(count));
  std::atomic<std::int64_t> next = 0;
  const auto work = [&] {
    for (std::int64_t i = next++; i < count; i = next++) {
      try {
        task(i);
      } catch (...) {
        errors[static_cast<std::size_t>(i)] = std::current_exception();
      }
    }
  };
  std::vector<std::thread> threads;
  for (std::int64_t i = 1; i < std::min(count, num_threads); ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace crossloom
