#include "compiler/baseline.h"

#include <gtest/gtest.h>

#include "compiler/import/load_network.h"
#include "simulator/hardware/chip_yaml.h"

namespace crossloom {
namespace {

TEST(Baseline, OfIsaacHasACrossbarForEachBlockAndOneCopyOfEachLayer) {
  // c1 25x6, c3 150x16, c5 400x120, f6 120x84, output 84x10 on 128x128 weights: 1 + 2 + 4 + 1 + 1 blocks.
  const auto result = compile(load_network("lenet5").network, load_chip("rnc-mnsim-128"), as_baseline({}, Baseline::kIsaac));
  const auto& compiled = std::get<CompiledNetwork>(result);
  EXPECT_EQ(compiled.tile_map.crossbars.size(), 9U);
  for (const CrossbarContents& crossbar : compiled.tile_map.crossbars) EXPECT_EQ(crossbar.blocks.size(), 1U);
  for (const LayerSummary& layer : compiled.layers) EXPECT_EQ(layer.num_copies, 1);
}

TEST(Baseline, KeepsTheOtherOptions) {
  const CompileOptions options = as_baseline({.seed = 5, .depth_split = 3}, Baseline::kIsaac);
  EXPECT_EQ(options.seed, 5);
  EXPECT_EQ(options.depth_split, 3);
}

}  // namespace
}  // namespace crossloom
