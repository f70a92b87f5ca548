#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "simulator/engine/event_queue.h"

namespace crossloom {

/// Finds, window by window, which group of a copy delivers its partial sums last. Groups run windows in order but not in step.
class JoinCounter {
 public:
  explicit JoinCounter(std::uint32_t num_groups) : num_groups_(num_groups) {}

  /// A group delivers its sums of a window at an event: when all groups have said when, the latest of the window's events.
  [[nodiscard]] std::optional<Event> last_delivery(const Event& delivery) {
    if (num_groups_ == 1) return delivery;
    const auto slot = static_cast<std::size_t>(delivery.window() - first_open_);
    if (slot >= joins_.size()) joins_.resize(slot + 1);
    Join& join = joins_[slot];
    if (join.num_joined == 0 || join.last.key() < delivery.key()) join.last = delivery;
    if (++join.num_joined < num_groups_) return std::nullopt;
    const Event last = join.last;
    while (!joins_.empty() && joins_.front().num_joined == num_groups_) {
      joins_.pop_front();
      ++first_open_;
    }
    return last;
  }

 private:
  struct Join {
    std::uint32_t num_joined = 0;
    Event last;
  };

  std::uint32_t num_groups_;
  std::int64_t first_open_ = 0;
  std::deque<Join> joins_;  ///< of window first_open_ + index
};

}  // namespace crossloom
