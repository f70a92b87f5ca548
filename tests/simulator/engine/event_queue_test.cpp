#include "simulator/engine/event_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>
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
      queue.push(time_fs, source, EventKind::kFetch, source, number);
      expected.emplace_back(time_fs, source, number);
    }
    std::sort(expected.begin(), expected.end());
    for (const auto& [time_fs, source, number] : expected) {
      const Event event = queue.pop();
      EXPECT_EQ(event.time_fs(), time_fs);
      EXPECT_EQ(event.subject, source);
      EXPECT_EQ(event.window, number);
    }
    EXPECT_TRUE(queue.empty());
  }
}

TEST(EventQueue, KeepsItsOrderWhilePushesAndPopsAlternate) {
  RandomStream random(4, {.purpose = RandomPurpose::kTest});
  EventQueue queue;
  TimeFs now_fs = 0;
  queue.push(0, 0, EventKind::kFetch, 0, 0);
  for (int step = 0; step < 20000 && !queue.empty(); ++step) {
    const Event event = queue.pop();
    EXPECT_GE(event.time_fs(), now_fs);
    now_fs = event.time_fs();
    const std::uint64_t num_pushes = step < 5000 ? 2 : random.next_below(2);
    for (std::uint64_t i = 0; i < num_pushes; ++i) {
      queue.push(now_fs + static_cast<TimeFs>(random.next_below(100)), 0, EventKind::kFetch, 0, 0);
    }
  }
}

}  // namespace
}  // namespace crossloom
