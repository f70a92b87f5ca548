#include <gtest/gtest.h>

#include <cstdint>

#include "compiler/packing/packing.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

TEST(VerifyPacking, AcceptsBlocksThatTouch) {
  const PackingProblem problem{.crossbar_rows = 4,
                               .crossbar_cols = 4,
                               .num_crossbars = 1,
                               .max_blocks_per_crossbar = 3,
                               .conflict_distance = 1,
                               .items = {{0, 2, 4}, {2, 2, 2}, {4, 2, 2}}};
  const Packing packing{.num_crossbars = 1, .placements = {{0, 0, 0}, {0, 2, 0}, {0, 2, 2}}};
  EXPECT_TRUE(verify_packing(problem, packing).empty());
}

TEST(VerifyPacking, AcceptsNothingOnNoCrossbar) {
  EXPECT_TRUE(verify_packing({.crossbar_rows = 4, .crossbar_cols = 4, .items = {}}, {}).empty());
}

/// Whether two blocks of a 6x6 crossbar share a weight, by counting the blocks on each weight.
bool share_a_weight(const PackingProblem& problem, const Packing& packing) {
  std::int64_t num_blocks_on[6][6] = {};
  for (std::size_t i = 0; i < problem.items.size(); ++i) {
    for (std::int64_t row = 0; row < problem.items[i].rows; ++row) {
      for (std::int64_t col = 0; col < problem.items[i].cols; ++col) {
        if (++num_blocks_on[packing.placements[i].row0 + row][packing.placements[i].col0 + col] > 1) return true;
      }
    }
  }
  return false;
}

TEST(VerifyPacking, FindsAnOverlapExactlyWhenAWeightBelongsToTwoBlocks) {
  for (std::uint64_t trial = 0; trial < 10000; ++trial) {
    RandomStream random(1, {.purpose = RandomPurpose::kTest, .trial = trial});
    const auto below = [&](std::int64_t bound) {
      return static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(bound)));
    };
    PackingProblem problem{.crossbar_rows = 6, .crossbar_cols = 6, .num_crossbars = 1, .conflict_distance = -1, .items = {}};
    Packing packing{.num_crossbars = 1};
    for (std::int64_t i = 0; i < 2 + static_cast<std::int64_t>(trial % 3); ++i) {
      const PackingItem item{.layer = 0, .rows = 1 + below(4), .cols = 1 + below(4)};
      problem.items.push_back(item);
      packing.placements.push_back({.crossbar = 0, .row0 = below(7 - item.rows), .col0 = below(7 - item.cols)});
    }
    ASSERT_EQ(!verify_packing(problem, packing).empty(), share_a_weight(problem, packing)) << "trial " << trial;
  }
}

}  // namespace
}  // namespace crossloom
