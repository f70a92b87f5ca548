#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "compiler/partition/partition.h"
#include "tests/compiler/partition/example_matrix.h"

namespace crossloom {
namespace {

/// Blocks of a network of tests/golden/rnc_layers.csv in 128x128 crossbars.
std::int64_t num_blocks(const std::string& network, std::int64_t depth_split) {
  std::ifstream table(CROSSLOOM_SOURCE_FOLDER "/tests/golden/rnc_layers.csv");
  std::int64_t count = 0;
  std::string line;
  while (std::getline(table, line)) {
    if (!line.starts_with(network + ",")) continue;
    std::istringstream fields(line.substr(network.size() + 1));
    std::int64_t rows = 0;
    std::int64_t cols = 0;
    std::int64_t groups = 0;
    char comma = ',';
    fields >> rows >> comma >> cols >> comma >> groups;
    const WeightMatrix matrix = groups == 1 ? dense_matrix(rows, cols) : grouped_matrix(rows, cols, groups);
    count += static_cast<std::int64_t>(
        partition(matrix, 0, {.crossbar_rows = 128, .crossbar_weight_cols = 128, .depth_split = depth_split}).size());
  }
  return count;
}

// The expected counts are those of RNC's own program (arXiv 2409.18841) on its own layers.
TEST(RncBlocks, OfSqueezeNetAre80) { EXPECT_EQ(num_blocks("squeezenet", 1), 80); }
TEST(RncBlocks, OfResNet18Are698) { EXPECT_EQ(num_blocks("resnet18", 1), 698); }
TEST(RncBlocks, OfMobileNetV3SmallAre210) { EXPECT_EQ(num_blocks("mbv3_small", 1), 210); }
TEST(RncBlocks, OfMobileNetV3SmallAre249AtDepthSplit5) { EXPECT_EQ(num_blocks("mbv3_small", 5), 249); }
TEST(RncBlocks, OfMobileNetV3SmallAre297AtDepthSplit9) { EXPECT_EQ(num_blocks("mbv3_small", 9), 297); }

}  // namespace
}  // namespace crossloom
