#include "simulator/engine/event_queue.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace crossloom {

void EventQueue::turn_page() {
  std::size_t word = 0;
  while (word < is_filled_.size() && is_filled_[word] == 0) ++word;
  if (word == is_filled_.size()) {
    begin_calendar();
    return turn_page();
  }
  const std::size_t bucket = word * kWordBits + static_cast<std::size_t>(std::countr_zero(is_filled_[word]));
  is_filled_[word] &= is_filled_[word] - 1;
  horizon_ = calendar_begin_ + ((std::uint64_t{bucket} + 1) << bucket_shift_);
  std::vector<Event>& events = buckets_[bucket];
  num_later_ -= events.size();
  for (const Event& event : events) put(event);
  events.clear();
}

void EventQueue::begin_calendar() {
  std::uint64_t least = ~std::uint64_t{0};
  for (const Event& event : behind_) least = std::min(least, event.time);
  double mean_delay = 0.0;
  for (const Event& event : behind_) {
    mean_delay += static_cast<double>(event.time - least) / static_cast<double>(behind_.size());
  }
  // Buckets reach to four times the mean, so at most a quarter of the events lies behind them again (Markov's inequality).
  calendar_begin_ = least;
  bucket_shift_ = 0;
  while (static_cast<double>(kNumBuckets << bucket_shift_) <= 4.0 * mean_delay) ++bucket_shift_;
  const std::vector<Event> events = std::move(behind_);
  behind_.clear();
  num_later_ -= events.size();
  for (const Event& event : events) put_later(event);
}

}  // namespace crossloom
