#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "sweep/sweep_points.h"
#include "sweep/work_sharing.h"

namespace crossloom {
namespace {

const ItemText kNumber = [](std::int64_t index) { return std::to_string(index); };

TEST(PointRange, CountsItsPoints) {
  const PointRange range{.first = 5, .end = 20, .step = 4};
  EXPECT_EQ(range.count(), 4);
  EXPECT_EQ(range.at(3), 17);
}

TEST(ResultSequence, PassesResultsOnInTheOrderOfTheirItems) {
  std::vector<std::int64_t> taken;
  const TakeResult take = [&taken](std::int64_t index, const std::string&) { taken.push_back(index); };
  ResultSequence results(take);
  results.add(1, "b");
  results.add(3, "d");
  EXPECT_TRUE(taken.empty());
  results.add(0, "a");
  EXPECT_EQ(taken, (std::vector<std::int64_t>{0, 1}));
  results.add(2, "c");
  EXPECT_EQ(taken, (std::vector<std::int64_t>{0, 1, 2, 3}));
}

TEST(ThreadSharing, TakesEveryResultOnceInOrder) {
  std::vector<std::string> taken;
  ThreadSharing(4).share(
      10'000, kNumber, [](const std::string& item) { return item + '!'; },
      [&taken](std::int64_t, const std::string& result) { taken.push_back(result); });
  ASSERT_EQ(taken.size(), 10'000U);
  for (std::size_t i = 0; i < taken.size(); ++i) ASSERT_EQ(taken[i], std::to_string(i) + '!');
}

TEST(ThreadSharing, KeepsFewResultsWaitingForASlowItem) {
  std::atomic<std::int64_t> num_made = 0;
  std::int64_t most_ahead = 0;
  ThreadSharing(2).share(
      3 * kItemsInFlight, kNumber,
      [&](const std::string& item) {
        // The first item ends only when the other thread has nothing to do but to wait for it.
        while (item == "0" && num_made < kItemsInFlight - 1) std::this_thread::yield();
        ++num_made;
        return std::string("result");
      },
      [&](std::int64_t index, const std::string&) {
        if (index == 0) most_ahead = num_made;
      });
  EXPECT_LE(most_ahead, kItemsInFlight);
}

TEST(ThreadSharing, EndsWithTheExceptionOfAnItem) {
  const auto share = [] {
    ThreadSharing(2).share(
        1'000'000'000, kNumber,
        [](const std::string& item) -> std::string {
          if (item == "7") throw std::runtime_error("seven");
          return "result";
        },
        [](std::int64_t, const std::string&) {});
  };
  EXPECT_THROW(share(), std::runtime_error);
}

}  // namespace
}  // namespace crossloom
