#include "compiler/duplication/duplicate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "compiler/duplication/copy_cost.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

LayerWork work(std::int64_t num_windows, TimeFs window_fs, std::int64_t num_weights, std::int64_t num_blocks = 1) {
  return {.num_windows = num_windows, .window_fs = window_fs, .num_weights = num_weights, .num_blocks = num_blocks};
}

TimeFs longest_interval(const std::vector<LayerWork>& layers, const std::vector<std::int64_t>& copies) {
  TimeFs longest = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) longest = std::max(longest, layer_interval_fs(layers[i], copies[i]));
  return longest;
}

/// Shortest longest interval over all choices of copies within the limits, by trying them all.
TimeFs best_interval(const DuplicationProblem& problem) {
  std::vector<std::int64_t> copies(problem.layers.size(), 1);
  TimeFs best = std::numeric_limits<TimeFs>::max();
  for (;;) {
    std::int64_t num_weights = 0;
    std::int64_t num_blocks = 0;
    bool is_apart = true;
    for (std::size_t i = 0; i < copies.size(); ++i) {
      num_weights += copies[i] * problem.layers[i].num_weights;
      num_blocks += copies[i] * problem.layers[i].num_blocks;
      std::int64_t neighbours = 0;
      for (std::size_t j = i; j < copies.size() && static_cast<std::int64_t>(j - i) <= problem.conflict_distance; ++j)
        neighbours += copies[j] * problem.layers[j].num_blocks;
      is_apart = is_apart && neighbours <= problem.num_crossbars;
    }
    const bool has_slots =
        problem.max_blocks_per_crossbar == 0 || num_blocks <= problem.max_blocks_per_crossbar * problem.num_crossbars;
    if (is_apart && has_slots && num_weights <= problem.num_crossbars * problem.crossbar_weights)
      best = std::min(best, longest_interval(problem.layers, copies));
    std::size_t i = 0;
    while (i < copies.size() && copies[i] == problem.layers[i].num_windows) copies[i++] = 1;
    if (i == copies.size()) return best;
    ++copies[i];
  }
}

TEST(Duplicate, GivesTheSlowestLayerTheCopies) {
  const DuplicationProblem problem{.layers = {work(100, 10, 5), work(20, 10, 5)}, .crossbar_weights = 10, .num_crossbars = 3};
  EXPECT_EQ(duplicate(problem).steps, (std::vector<std::int64_t>{0, 0, 0, 0}));  // 6 halves of a crossbar
}

TEST(Duplicate, StopsAtTheFloor) {
  DuplicationProblem problem{
      .layers = {work(8, 1000, 1)}, .crossbar_weights = 10, .num_crossbars = 10, .floor_interval_fs = 3000};
  EXPECT_EQ(duplicate(problem).steps.size(), 2U);  // ceil(8 / 3) = 3 windows
  problem.floor_interval_fs = 2999;
  EXPECT_EQ(duplicate(problem).steps.size(), 3U);  // 2 windows
}

TEST(Duplicate, StopsAtOneCopyAWindow) {
  EXPECT_EQ(duplicate({.layers = {work(3, 1000, 1)}, .crossbar_weights = 10, .num_crossbars = 10}).steps.size(), 2U);
}

TEST(Duplicate, ListsOnlyPrefixesThatShortenTheLongestInterval) {
  const DuplicationPath path = duplicate({.layers = {work(10, 1, 1)}, .crossbar_weights = 10, .num_crossbars = 1});
  // Intervals at 1 .. 10 copies: 10 5 4 3 2 2 2 2 2 1.
  EXPECT_EQ(path.improvements, (std::vector<std::size_t>{1, 2, 3, 4, 9}));
}

TEST(Duplicate, CountsBlocksThatNeedCrossbarsOfTheirOwn) {
  DuplicationProblem problem{
      .layers = {work(100, 10, 1, 2), work(1, 10, 1, 3)}, .crossbar_weights = 1000, .num_crossbars = 9, .conflict_distance = 1};
  EXPECT_EQ(duplicate(problem).steps.size(), 2U);  // 3 x 2 + 3 blocks
  problem.conflict_distance = 0;
  EXPECT_EQ(duplicate(problem).steps.size(), 3U);  // 4 x 2 blocks
}

TEST(Duplicate, CountsBlocksThatAreTooLargeToShareACrossbar) {
  const std::vector<std::vector<BlockSize>> sizes{{{3, 3}}};  // of 4 x 4 weights: by area alone seven copies on four crossbars
  DuplicationProblem problem{.layers = {work(100, 10, 9)}, .crossbar_weights = 16, .num_crossbars = 4};
  EXPECT_EQ(duplicate(problem).steps.size(), 6U);
  problem.size_measures = size_measures(sizes, 4, 4);
  EXPECT_EQ(duplicate(problem).steps.size(), 3U);
}

TEST(Duplicate, SaysHowManyCrossbarsEachImprovementNeedsAtLeast) {
  const DuplicationPath path = duplicate({.layers = {work(4, 1, 5)}, .crossbar_weights = 10, .num_crossbars = 2});
  EXPECT_EQ(path.start_crossbars, 1);
  EXPECT_EQ(path.least_crossbars, (std::vector<std::int64_t>{1, 2}));  // 2 copies, 4 copies; 3 save nothing over 2
}

TEST(Duplicate, KeepsTheCapOfBlocks) {
  EXPECT_EQ(
      duplicate({.layers = {work(100, 10, 1, 2)}, .crossbar_weights = 1000, .num_crossbars = 2, .max_blocks_per_crossbar = 3})
          .steps.size(),
      2U);  // 3 copies of 2 blocks fill 2 x 3 places
}

TEST(Duplicate, IsAsFastAsAnyChoiceOfCopies) {
  RandomStream random(1, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 300; ++trial) {
    const auto draw = [&](std::int64_t limit) {
      return 1 + static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(limit)));
    };
    DuplicationProblem problem{.crossbar_weights = 8,
                               .num_crossbars = 6 + draw(8),
                               .max_blocks_per_crossbar = draw(3) + 1,
                               .conflict_distance = draw(3) - 2};
    for (int layer = 0; layer < 3; ++layer) problem.layers.push_back(work(draw(6), draw(50), draw(10), draw(2)));
    const TimeFs best = best_interval(problem);
    const DuplicationPath path = duplicate(problem);
    const std::vector<std::int64_t> copies = copies_after(path, path.improvements.empty() ? 0 : path.improvements.back(), 3);
    EXPECT_EQ(longest_interval(problem.layers, copies), best) << "trial " << trial;
  }
}

}  // namespace
}  // namespace crossloom
