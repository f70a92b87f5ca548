#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

#include "compiler/packing/packing.h"

namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

/// Two 2x4 blocks of layers 0 and 2 that fill a 4x4 crossbar.
PackingProblem two_blocks() {
  return {.crossbar_rows = 4,
          .crossbar_cols = 4,
          .num_crossbars = 2,
          .max_blocks_per_crossbar = 2,
          .conflict_distance = 1,
          .items = {{0, 2, 4}, {2, 2, 4}}};
}
Packing stacked() { return {.num_crossbars = 1, .placements = {{0, 0, 0}, {0, 2, 0}}}; }

TEST(VerifyPackingErrors, AMissingPlacement) {
  Packing packing = stacked();
  packing.placements.pop_back();
  EXPECT_THAT(verify_packing(two_blocks(), packing), ElementsAre("there are 1 placements for 2 blocks"));
}

TEST(VerifyPackingErrors, MoreCrossbarsThanTheBudget) {
  PackingProblem problem = two_blocks();
  problem.num_crossbars = 0;
  EXPECT_THAT(verify_packing(problem, stacked()), ElementsAre("1 crossbars are used of 0"));
}

TEST(VerifyPackingErrors, AnOverlapOfOneRow) {
  Packing packing = stacked();
  packing.placements[1].row0 = 1;
  EXPECT_THAT(verify_packing(two_blocks(), packing), ElementsAre("crossbar 0: blocks 0 and 1 overlap"));
}

TEST(VerifyPackingErrors, ABlockOneRowOutside) {
  Packing packing = stacked();
  packing.placements[1].row0 = 3;
  EXPECT_THAT(verify_packing(two_blocks(), packing), ElementsAre("block 1 leaves crossbar 0"));
}

TEST(VerifyPackingErrors, ABlockOneColumnOutside) {
  Packing packing = stacked();
  packing.placements[1].col0 = -1;
  EXPECT_THAT(verify_packing(two_blocks(), packing), ElementsAre("block 1 leaves crossbar 0"));
}

TEST(VerifyPackingErrors, PlacesAtTheEndsOf64Bits) {
  Packing packing = stacked();
  packing.placements[0].row0 = INT64_MIN;
  packing.placements[1].col0 = INT64_MAX;
  EXPECT_THAT(verify_packing(two_blocks(), packing), ElementsAre("block 0 leaves crossbar 0", "block 1 leaves crossbar 0"));
}

TEST(VerifyPackingErrors, ACrossbarBeyondThoseCounted) {
  Packing packing = stacked();
  packing.placements[1].crossbar = 1;
  EXPECT_THAT(verify_packing(two_blocks(), packing),
              ElementsAre("block 1 is on crossbar 1 of 1", "2 crossbars hold blocks, 1 are counted as used"));
}

TEST(VerifyPackingErrors, AnEmptyCrossbar) {
  Packing packing = stacked();
  packing.num_crossbars = 2;
  EXPECT_THAT(verify_packing(two_blocks(), packing), ElementsAre("1 crossbars hold blocks, 2 are counted as used"));
}

TEST(VerifyPackingErrors, MoreBlocksThanTheCap) {
  PackingProblem problem = two_blocks();
  problem.max_blocks_per_crossbar = 1;
  EXPECT_THAT(verify_packing(problem, stacked()), ElementsAre("crossbar 0 holds 2 blocks, allowed 1"));
}

TEST(VerifyPackingErrors, LayersAtTheConflictDistance) {
  PackingProblem problem = two_blocks();
  problem.conflict_distance = 2;
  EXPECT_THAT(verify_packing(problem, stacked()),
              ElementsAre("crossbar 0: blocks 0 and 1 are of layers 0 and 2, which may not share a crossbar"));
}

TEST(VerifyPackingErrors, TwoBlocksOfOneLayer) {
  PackingProblem problem = two_blocks();
  problem.items[1].layer = 0;
  problem.conflict_distance = 0;
  EXPECT_THAT(verify_packing(problem, stacked()),
              ElementsAre("crossbar 0: blocks 0 and 1 are of layers 0 and 0, which may not share a crossbar"));
}

TEST(VerifyPackingErrors, AreReportedUpToTwenty) {
  PackingProblem problem = two_blocks();
  problem.items.assign(30, {0, 4, 4});
  Packing packing{.num_crossbars = 1, .placements = std::vector<BlockPlacement>(30)};
  EXPECT_THAT(verify_packing(problem, packing), SizeIs(20));
}

}  // namespace
}  // namespace crossloom
