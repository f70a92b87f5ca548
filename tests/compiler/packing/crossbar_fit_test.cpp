#include "compiler/packing/crossbar_fit.h"

#include <gtest/gtest.h>

#include "support/random_stream.h"
#include "tests/compiler/packing/fewest_crossbars.h"

namespace crossloom {
namespace {

constexpr std::int64_t kAmple = 100'000;

/// Blocks of different layers in a problem of one crossbar.
PackingProblem one_crossbar(const std::vector<BlockSize>& blocks, std::int64_t rows, std::int64_t cols) {
  PackingProblem problem{
      .crossbar_rows = rows, .crossbar_cols = cols, .num_crossbars = 1, .conflict_distance = -1, .items = {}};
  for (const BlockSize& block : blocks) problem.items.push_back({.layer = 0, .rows = block.rows, .cols = block.cols});
  return problem;
}

/// What verify_packing finds of the places.
std::vector<std::string> findings(const std::vector<BlockSize>& blocks, const std::vector<BlockCorner>& corners,
                                  std::int64_t rows, std::int64_t cols) {
  Packing packing{.num_crossbars = 1, .placements = {}};
  for (const BlockCorner& corner : corners)
    packing.placements.push_back({.crossbar = 0, .row0 = corner.row0, .col0 = corner.col0});
  return verify_packing(one_crossbar(blocks, rows, cols), packing);
}

TEST(FitInCrossbar, FindsThePinwheel) {
  const std::vector<BlockSize> blocks{{3, 1}, {1, 3}, {3, 1}, {1, 3}, {2, 2}};
  const auto corners = fit_in_crossbar(blocks, 4, 4, kAmple);
  ASSERT_TRUE(corners);
  EXPECT_TRUE(findings(blocks, *corners, 4, 4).empty());
}

TEST(FitInCrossbar, KnowsThatTallBlocksStandSideBySide) {
  EXPECT_TRUE(fit_in_crossbar(std::vector<BlockSize>{{5, 4}, {5, 4}}, 8, 8, kAmple));
  EXPECT_FALSE(fit_in_crossbar(std::vector<BlockSize>{{5, 4}, {5, 5}}, 8, 8, kAmple));
}

TEST(FitInCrossbar, AgreesWithExhaustiveSearchOnSmallBlocks) {
  RandomStream random(11, {.purpose = RandomPurpose::kTest});
  std::int64_t num_fitting = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    std::vector<BlockSize> blocks;
    const std::uint64_t count = 2 + random.next_below(4);
    const auto side = [&] { return 1 + static_cast<std::int64_t>(random.next_below(4)); };
    for (std::uint64_t i = 0; i < count; ++i) blocks.push_back({.rows = side(), .cols = side()});
    const auto corners = fit_in_crossbar(blocks, 5, 5, kAmple);
    const bool is_possible = fewest_crossbars(one_crossbar(blocks, 5, 5)) == 1;
    ASSERT_EQ(corners.has_value(), is_possible) << "trial " << trial;
    if (!corners) continue;
    ASSERT_TRUE(findings(blocks, *corners, 5, 5).empty()) << "trial " << trial;
    ++num_fitting;
  }
  EXPECT_GT(num_fitting, 300);
  EXPECT_LT(num_fitting, 2700);
}

TEST(CrossbarFit, AnswersAlikeForEqualSizes) {
  PackingProblem problem = one_crossbar({{5, 4}, {5, 4}, {5, 4}, {5, 5}}, 8, 8);
  CrossbarFit fit(problem);
  EXPECT_TRUE(fit.fits({0, 1}));
  EXPECT_TRUE(fit.fits({2, 1}));
  EXPECT_FALSE(fit.fits({2, 3}));
  EXPECT_FALSE(fit.fits({3, 0}));
  EXPECT_FALSE(fit.places({0, 3}));
  EXPECT_EQ(fit.places({0, 1})->size(), 2U);
}

TEST(CrossbarFit, TellsMoreSizesApartThanItRemembers) {
  constexpr int kSide = 257;  // 257 x 257 sizes are more than 2^16
  PackingProblem problem = one_crossbar({}, kSide, kSide);
  for (std::int64_t rows = 1; rows <= kSide; ++rows) {
    for (std::int64_t cols = 1; cols <= kSide; ++cols) problem.items.push_back({.layer = 0, .rows = rows, .cols = cols});
  }
  CrossbarFit fit(problem);
  const std::size_t last = problem.items.size() - 1;
  EXPECT_TRUE(fit.fits({0, last - 65'536}));
  EXPECT_FALSE(fit.fits({0, last}));
  EXPECT_TRUE(fit.fits({0, last - kSide}));  // a row is free
}

}  // namespace
}  // namespace crossloom
