#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "sweep/point_sharing.h"

namespace crossloom {
namespace {

TEST(RowSequence, PassesRowsOnInTheOrderOfTheirPoints) {
  std::vector<std::int64_t> taken;
  const TakeRow take = [&taken](std::int64_t point, const std::string&) { taken.push_back(point); };
  RowSequence rows(take);
  const PointRange range{.first = 5, .end = 20, .step = 4};
  EXPECT_EQ(range.count(), 4);
  rows.add(range, 1, "b");
  rows.add(range, 3, "d");
  EXPECT_TRUE(taken.empty());
  rows.add(range, 0, "a");
  EXPECT_EQ(taken, (std::vector<std::int64_t>{5, 9}));
  rows.add(range, 2, "c");
  EXPECT_EQ(taken, (std::vector<std::int64_t>{5, 9, 13, 17}));
}

TEST(ThreadSharing, TakesEveryRowOnceInOrder) {
  std::vector<std::string> taken;
  ThreadSharing(4).share(
      {.first = 0, .end = 10'000, .step = 1}, [](std::int64_t point) { return std::to_string(point); },
      [&taken](std::int64_t, const std::string& row) { taken.push_back(row); });
  ASSERT_EQ(taken.size(), 10'000U);
  for (std::size_t i = 0; i < taken.size(); ++i) ASSERT_EQ(taken[i], std::to_string(i));
}

TEST(ThreadSharing, KeepsFewRowsWaitingForASlowPoint) {
  std::atomic<std::int64_t> num_made = 0;
  std::int64_t most_ahead = 0;
  ThreadSharing(2).share(
      {.first = 0, .end = 3 * kPointsInFlight, .step = 1},
      [&](std::int64_t point) {
        // The first point ends only when the other thread has nothing to do but to wait for it.
        while (point == 0 && num_made < kPointsInFlight - 1) std::this_thread::yield();
        ++num_made;
        return std::string("row");
      },
      [&](std::int64_t point, const std::string&) {
        if (point == 0) most_ahead = num_made;
      });
  EXPECT_LE(most_ahead, kPointsInFlight);
}

TEST(ThreadSharing, EndsWithTheExceptionOfAPoint) {
  const auto share = [] {
    ThreadSharing(2).share(
        {.first = 0, .end = 1'000'000'000, .step = 1},
        [](std::int64_t point) -> std::string {
          if (point == 7) throw std::runtime_error("seven");
          return "row";
        },
        [](std::int64_t, const std::string&) {});
  };
  EXPECT_THROW(share(), std::runtime_error);
}

}  // namespace
}  // namespace crossloom
