#include "simulator/engine/event_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "support/random_stream.h"

namespace crossloom {
namespace {

TEST(EventQueue, OrdersByTimeThenSourceThenScheduling) {
  RandomStream random(3, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 50; ++trial) {
    EventQueue queue;
    std::vector<std::tuple<TimeFs, std::uint32_t, std::int64_t>> expected;
    for (std::int64_t number = 0; number < 200; ++number) {
      const auto time_fs = static_cast<TimeFs>(random.next_below(20));
      const auto source = static_cast<std::uint32_t>(random.next_below(5));
      queue.push(time_fs, source, EventKind::kFetch, number);
      expected.emplace_back(time_fs, source, number);
    }
    std::sort(expected.begin(), expected.end());
    for (const auto& [time_fs, source, number] : expected) {
      const Event event = queue.pop();
      EXPECT_EQ(event.time_fs(), time_fs);
      EXPECT_EQ(event.source(), source);
      EXPECT_EQ(event.window(), number);
    }
    EXPECT_TRUE(queue.empty());
  }
}

TEST(EventQueue, KeepsItsOrderWhilePushesAndPopsAlternate) {
  RandomStream random(4, {.purpose = RandomPurpose::kTest});
  EventQueue queue;
  TimeFs now_fs = 0;
  queue.push(0, 0, EventKind::kFetch, 0);
  for (int step = 0; step < 20000 && !queue.empty(); ++step) {
    const Event event = queue.pop();
    EXPECT_GE(event.time_fs(), now_fs);
    now_fs = event.time_fs();
    const std::uint64_t num_pushes = step < 5000 ? 2 : random.next_below(2);
    for (std::uint64_t i = 0; i < num_pushes; ++i) {
      queue.push(now_fs + static_cast<TimeFs>(random.next_below(100)), 0, EventKind::kFetch, 0);
    }
  }
}

TEST(EventQueue, KeepsWhatAnEventSays) {
  EventQueue queue;
  constexpr std::int64_t kWindow = (std::int64_t{1} << 60) - 1;
  constexpr std::uint32_t kSource = (1U << 24) - 1;
  queue.push(7, kSource, EventKind::kComplete, kWindow);
  const Event event = queue.pop();
  EXPECT_EQ(event.time_fs(), 7);
  EXPECT_EQ(event.source(), kSource);
  EXPECT_EQ(event.kind(), EventKind::kComplete);
  EXPECT_EQ(event.window(), kWindow);
}

TEST(EventQueue, PutsAnEventWhereItWasMade) {
  EventQueue queue;
  const Event made_first = queue.make(5, 2, EventKind::kSums, 1);
  queue.push(5, 2, EventKind::kFetch, 2);
  queue.push(5, 1, EventKind::kFetch, 3);
  queue.put(made_first);
  EXPECT_EQ(queue.pop().window(), 3);
  EXPECT_EQ(queue.pop().window(), 1);
  EXPECT_EQ(queue.pop().window(), 2);
}

/// Delays of a femtosecond to an hour: nearly every event lies behind the buckets of one moment and in the heap of another.
TEST(EventQueue, OrdersDelaysOfAnyLength) {
  RandomStream random(5, {.purpose = RandomPurpose::kTest});
  EventQueue queue;
  std::multiset<std::pair<TimeFs, std::int64_t>> waiting;
  TimeFs now_fs = 0;
  std::int64_t number = 0;
  for (int step = 0; step < 5000; ++step) {
    const std::uint64_t num_pushes = step < 1000 ? 3 : random.next_below(2);
    for (std::uint64_t i = 0; i < num_pushes; ++i, ++number) {
      const TimeFs delay_fs = static_cast<TimeFs>(random.next_below(std::uint64_t{1} << random.next_below(62)));
      queue.push(now_fs + delay_fs, 0, EventKind::kFetch, number);
      waiting.emplace(now_fs + delay_fs, number);
    }
    ASSERT_EQ(queue.empty(), waiting.empty());
    if (waiting.empty()) break;
    const Event event = queue.pop();
    ASSERT_EQ(std::make_pair(event.time_fs(), event.window()), *waiting.begin());
    waiting.erase(waiting.begin());
    now_fs = std::min(event.time_fs(), std::numeric_limits<TimeFs>::max() / 4);
  }
}

}  // namespace
}  // namespace crossloom
