#include "simulator/engine/join_counter.h"

#include <gtest/gtest.h>

#include <optional>

namespace crossloom {
namespace {

Event delivery(TimeFs time_fs, std::int64_t window, std::uint32_t group = 0) {
  EventQueue queue;
  return queue.make(time_fs, group, EventKind::kSums, window);
}

/// Of the last delivery of a window: when; none while groups are missing.
std::optional<TimeFs> join(JoinCounter& joined, TimeFs time_fs, std::int64_t window) {
  const std::optional<Event> last = joined.last_delivery(delivery(time_fs, window));
  if (!last) return std::nullopt;
  EXPECT_EQ(last->window(), window);
  return last->time_fs();
}

TEST(JoinCounter, TellsTheLastDeliveryOfEachWindow) {
  JoinCounter joined(3);
  EXPECT_EQ(join(joined, 5, 0), std::nullopt);
  EXPECT_EQ(join(joined, 9, 0), std::nullopt);
  EXPECT_EQ(join(joined, 7, 0), 9);
}

TEST(JoinCounter, PassesTheDeliveriesOfASingleGroupOn) {
  JoinCounter joined(1);
  EXPECT_EQ(join(joined, 5, 0), 5);
  EXPECT_EQ(join(joined, 6, 1), 6);
}

TEST(JoinCounter, TakesTheHigherSourceOfDeliveriesAtOnce) {
  JoinCounter joined(2);
  EXPECT_FALSE(joined.last_delivery(delivery(5, 0, 1)));
  const std::optional<Event> last = joined.last_delivery(delivery(5, 0, 0));
  ASSERT_TRUE(last);
  EXPECT_EQ(last->source(), 1U);
}

TEST(JoinCounter, LetsAGroupRunAhead) {
  JoinCounter joined(2);
  EXPECT_FALSE(join(joined, 1, 0));
  EXPECT_FALSE(join(joined, 2, 1));
  EXPECT_FALSE(join(joined, 3, 2));
  EXPECT_EQ(join(joined, 4, 0), 4);
  EXPECT_EQ(join(joined, 5, 1), 5);
  EXPECT_FALSE(join(joined, 6, 3));
  EXPECT_EQ(join(joined, 7, 2), 7);
  EXPECT_EQ(join(joined, 8, 3), 8);
}

TEST(JoinCounter, CompletesALaterWindowFirstWhenItsGroupsDo) {
  JoinCounter joined(2);
  EXPECT_FALSE(join(joined, 1, 1));
  EXPECT_EQ(join(joined, 2, 1), 2);
  EXPECT_FALSE(join(joined, 3, 0));
  EXPECT_EQ(join(joined, 4, 0), 4);
}

}  // namespace
}  // namespace crossloom
