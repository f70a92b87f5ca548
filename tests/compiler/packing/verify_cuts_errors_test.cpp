#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/packing/free_cuts.h"

namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A matrix of 4 x 6 weights in two blocks, and a fixed block.
std::vector<CutBlock> two_layers() {
  return {{.layer = 0, .rows = 4, .cols = 4},
          {.layer = 0, .matrix_col0 = 4, .rows = 4, .cols = 2},
          {.layer = 1, .rows = 3, .cols = 3, .is_fixed = true}};
}

TEST(VerifyCutsErrors, NothingIsWrongWithAnotherTiling) {
  std::vector<CutBlock> blocks = two_layers();
  blocks[0].cols = 3;
  blocks[1].matrix_col0 = 3;
  blocks[1].cols = 3;
  EXPECT_THAT(verify_cuts(two_layers(), blocks), IsEmpty());
}

TEST(VerifyCutsErrors, BlocksThatOverlap) {
  std::vector<CutBlock> blocks = two_layers();
  blocks[1].matrix_col0 = 3;
  EXPECT_THAT(verify_cuts(two_layers(), blocks), ElementsAre("layer 0: blocks 0 and 1 overlap"));
}

TEST(VerifyCutsErrors, WeightsThatNoBlockHolds) {
  std::vector<CutBlock> blocks = two_layers();
  blocks[0].rows = 3;
  EXPECT_THAT(verify_cuts(two_layers(), blocks), ElementsAre("layer 0: the blocks have 20 weights, the matrix 4 x 6"));
}

TEST(VerifyCutsErrors, ABlockThatLeavesTheMatrix) {
  std::vector<CutBlock> blocks = two_layers();
  blocks[1].matrix_col0 = 5;
  EXPECT_THAT(verify_cuts(two_layers(), blocks),
              ElementsAre("layer 0: block 1 of 4 x 2 at (0, 5) is not a part of 4 x 6 weights"));
}

TEST(VerifyCutsErrors, AFixedBlockThatChanged) {
  std::vector<CutBlock> blocks = two_layers();
  blocks[2].rows = 2;
  EXPECT_THAT(verify_cuts(two_layers(), blocks), ElementsAre("layer 1: its fixed blocks have changed"));
}

TEST(VerifyCutsErrors, LayersThatAreMissingOrNew) {
  std::vector<CutBlock> blocks = two_layers();
  blocks[2].layer = 7;
  EXPECT_THAT(verify_cuts(two_layers(), blocks),
              ElementsAre("layer 1: has no blocks", "layer 7: is not among those to cut, but has 1 blocks"));
}

}  // namespace
}  // namespace crossloom
