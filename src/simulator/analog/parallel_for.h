#pragma once

#include <cstdint>
#include <functional>

namespace crossloom {

/// Runs `task(i)` for every i in [0, count), spread over at most `num_threads` threads; with one, in the caller's. Tasks must
/// not depend on each other. The exception of the task with the least i is thrown on.
void parallel_for(std::int64_t count, std::int64_t num_threads, const std::function<void(std::int64_t)>& task);

}  // namespace crossloom
