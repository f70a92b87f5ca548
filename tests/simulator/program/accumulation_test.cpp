#include "simulator/program/accumulation.h"

#include <gtest/gtest.h>

namespace crossloom {
namespace {

/// 4 channels of a 3 x 5 feature map.
Operation global_pooling() {
  return {.kind = OperationKind::kPooling,
          .inputs = {{.operation = 1, .num_rows = 3, .num_cols = 5}},
          .output_channels = 4,
          .output_height = 1,
          .output_width = 1,
          .num_input_values = 60,
          .num_unit_operations = 60};
}

TEST(Accumulation, OfAGlobalPoolingTakesInEachPixelOfItsWindow) { EXPECT_EQ(num_accumulated_pixels(global_pooling()), 15); }

TEST(Accumulation, IsOnlyForOneWindow) {
  Operation operation = global_pooling();
  operation.output_width = 2;
  EXPECT_EQ(num_accumulated_pixels(operation), 1);
}

TEST(Accumulation, IsOnlyForPooling) {
  Operation operation = global_pooling();
  operation.kind = OperationKind::kVector;
  EXPECT_EQ(num_accumulated_pixels(operation), 1);
}

TEST(Accumulation, NeedsInputsOfOneShape) {
  Operation operation = global_pooling();
  operation.inputs.push_back({.operation = 2, .num_rows = 5, .num_cols = 3});
  EXPECT_EQ(num_accumulated_pixels(operation), 1);
}

TEST(Accumulation, NeedsTheSameWorkForEachPixel) {
  Operation operation = global_pooling();
  operation.num_unit_operations = 61;
  EXPECT_EQ(num_accumulated_pixels(operation), 1);
  operation = global_pooling();
  operation.num_input_values = 59;
  EXPECT_EQ(num_accumulated_pixels(operation), 1);
}

TEST(Accumulation, PixelsLieWhereTheWindowHasThem) {
  const OperationInput window{.operation = 7,
                              .row_step = 9,
                              .row_offset = -1,
                              .row_dilation = 2,
                              .num_rows = 3,
                              .col_step = 9,
                              .col_offset = 4,
                              .col_dilation = 3,
                              .num_cols = 5};
  const OperationInput pixel{.operation = 7, .row_step = 2, .row_offset = -1, .col_step = 3, .col_offset = 4};
  EXPECT_EQ(pixel_of_window(window), pixel);
}

}  // namespace
}  // namespace crossloom
