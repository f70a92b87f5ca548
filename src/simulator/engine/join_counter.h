#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace crossloom {

/// Counts, window by window, which groups of a copy have delivered their partial sums. Groups run windows in order but not in
/// step.
class JoinCounter {
 public:
  explicit JoinCounter(std::uint32_t num_groups) : num_groups_(num_groups) {}

  /// One more group has delivered `window`; true when it was the last.
  [[nodiscard]] bool is_last(std::int64_t window) {
    const auto slot = static_cast<std::size_t>(window - first_open_);
    if (slot >= num_joined_.size()) num_joined_.resize(slot + 1, 0);
    const bool is_complete = ++num_joined_[slot] == num_groups_;
    while (!num_joined_.empty() && num_joined_.front() == num_groups_) {
      num_joined_.pop_front();
      ++first_open_;
    }
    return is_complete;
  }

 private:
  std::uint32_t num_groups_;
  std::int64_t first_open_ = 0;
  std::deque<std::uint32_t> num_joined_;  ///< of window first_open_ + index
};

}  // namespace crossloom
