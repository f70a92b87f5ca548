#include "simulator/program/block_overlap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/random_stream.h"

namespace crossloom {
namespace {

std::int64_t below(RandomStream& stream, std::uint64_t bound) { return static_cast<std::int64_t>(stream.next_below(bound)); }

bool overlap(const BlockExtent& a, const BlockExtent& b) {
  return a.crossbar == b.crossbar && a.row0 < b.row0 + b.rows && b.row0 < a.row0 + a.rows && a.col0 < b.col0 + b.cols &&
         b.col0 < a.col0 + a.cols;
}

TEST(FindOverlaps, NamesBothBlocksAndThePlace) {
  EXPECT_THAT(find_overlaps({{.crossbar = 2, .row0 = 0, .col0 = 0, .rows = 4, .cols = 4, .number = 0},
                             {.crossbar = 2, .row0 = 3, .col0 = 3, .rows = 4, .cols = 4, .number = 1}}),
              testing::ElementsAre(BlockOverlap{.lower = 1, .upper = 0, .crossbar = 2, .row = 3, .col = 3}));
}

TEST(FindOverlaps, LetsBlocksTouchAndLieInDifferentCrossbars) {
  EXPECT_THAT(find_overlaps({{.crossbar = 0, .row0 = 0, .col0 = 0, .rows = 4, .cols = 4, .number = 0},
                             {.crossbar = 0, .row0 = 4, .col0 = 0, .rows = 4, .cols = 4, .number = 1},
                             {.crossbar = 0, .row0 = 0, .col0 = 4, .rows = 4, .cols = 4, .number = 2},
                             {.crossbar = 1, .row0 = 0, .col0 = 0, .rows = 4, .cols = 4, .number = 3}}),
              testing::IsEmpty());
}

TEST(FindOverlaps, AgreesWithComparingEveryPair) {
  int num_overlapping = 0;
  constexpr int kTrials = 2000;
  RandomStream stream(1, {});
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<BlockExtent> blocks(4);
    for (BlockExtent& block : blocks) {
      block = {.crossbar = below(stream, 2),
               .row0 = below(stream, 8),
               .col0 = below(stream, 8),
               .rows = 1 + below(stream, 4),
               .cols = 1 + below(stream, 4)};
    }
    bool expected = false;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) expected = expected || overlap(blocks[i], blocks[j]);
    }
    EXPECT_EQ(!find_overlaps(blocks).empty(), expected);
    num_overlapping += expected ? 1 : 0;
  }
  EXPECT_GT(num_overlapping, kTrials / 10);
  EXPECT_LT(num_overlapping, kTrials * 9 / 10);
}

}  // namespace
}  // namespace crossloom
