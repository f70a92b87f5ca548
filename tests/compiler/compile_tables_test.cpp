#include "compiler/compile_tables.h"

#include <gtest/gtest.h>

namespace crossloom {
namespace {

TEST(LayersCsv, HasAHeaderAndALineALayer) {
  const std::vector<LayerSummary> layers{{.layer = "conv1",
                                          .rows = 27,
                                          .cols = 64,
                                          .num_blocks = 1,
                                          .num_copies = 3,
                                          .num_windows = 100,
                                          .num_activations = 100,
                                          .interval_ns = 2.5}};
  EXPECT_EQ(layers_csv(layers),
            "layer,rows,cols,num_blocks,num_copies,num_windows,num_activations,interval_ns\n"
            "conv1,27,64,1,3,100,100,2.5\n");
}

TEST(LayersCsv, QuotesNamesAsRfc4180Asks) {
  const std::string csv = layers_csv({{.layer = "a,\"b\"\nc"}});
  EXPECT_EQ(csv.substr(csv.find('\n') + 1), "\"a,\"\"b\"\"\nc\",0,0,0,0,0,0,0\n");
}

TEST(BlocksCsv, HasALineABlock) {
  TileMap map;
  map.matrices = {{.layer = "a"}, {.layer = "b"}};
  map.crossbars = {
      {.crossbar = 4,
       .tile = 1,
       .blocks = {{.matrix = 1, .copy = 2, .matrix_row0 = 3, .matrix_col0 = 5, .rows = 6, .cols = 7, .row0 = 8, .col0 = 9}}}};
  EXPECT_EQ(blocks_csv(map),
            "crossbar,tile,layer,copy,matrix_row0,matrix_col0,rows,cols,row0,col0\n"
            "4,1,b,2,3,5,6,7,8,9\n");
}

}  // namespace
}  // namespace crossloom
