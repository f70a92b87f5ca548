#include "training/training_summary.h"

#include <gtest/gtest.h>

#include "support/document.h"

namespace crossloom {
namespace {

TEST(ModelBytes, AreWeightsIndexAndChannels) {
  // 20 x 10 weights, of which 4 rows and one column are dropped and of the 16 x 9 that are left a block of 8 x 9: 72 weights of
  // 6 bits are 54 bytes, 20 + 10 + 2 bits of index are 4, ten scales and biases 80.
  TileMap map;
  map.matrices = {{.layer = "a", .num_input_channels = 20, .num_output_channels = 10, .kernel_height = 1, .kernel_width = 1}};
  WeightMatrix& matrix = map.matrices.front();
  matrix.rows = 16;
  matrix.cols = 9;
  matrix.dropped_rows = {0, 1, 2, 19};
  matrix.dropped_cols = {4};
  matrix.dropped_blocks = {{.row0 = 8, .col0 = 0, .rows = 8, .cols = 9}};
  map.num_copies = {2};
  const PlacedBlock block{.matrix = 0, .copy = 0, .rows = 8, .cols = 9};
  PlacedBlock other = block;
  other.copy = 1;
  map.crossbars = {{.crossbar = 0, .tile = 0, .blocks = {block, other}}};
  EXPECT_EQ(model_bytes(map, 6), 54 + 4 + 80);
}

TEST(TrainingSchema, IsTheOneInTheDocumentation) {
  // `crossloom docs training-schema` prints it anew.
  EXPECT_EQ(read_text_file(CROSSLOOM_SOURCE_FOLDER "/docs/schema/training.schema.json"), training_schema());
}

}  // namespace
}  // namespace crossloom
