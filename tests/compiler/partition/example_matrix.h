#pragma once

#include <cstdint>

#include "simulator/program/weight_matrix.h"

namespace crossloom {

/// A linear layer's matrix.
[[nodiscard]] inline WeightMatrix dense_matrix(std::int64_t rows, std::int64_t cols) {
  return {.layer = "dense",
          .mapping = MappingKind::kIm2col,
          .num_input_channels = rows,
          .num_output_channels = cols,
          .kernel_height = 1,
          .kernel_width = 1,
          .num_groups = 1,
          .rows = rows,
          .cols = cols};
}

/// A grouped convolution's matrix; a depthwise one unless it has more input channels than groups. The kernel is as high as the
/// rows of a channel.
[[nodiscard]] inline WeightMatrix grouped_matrix(std::int64_t rows, std::int64_t cols, std::int64_t groups,
                                                 std::int64_t input_channels = 0) {
  if (input_channels == 0) input_channels = groups;
  return {.layer = "grouped",
          .mapping = MappingKind::kGroupedColumns,
          .num_input_channels = input_channels,
          .num_output_channels = cols,
          .kernel_height = rows / (input_channels / groups),
          .kernel_width = 1,
          .num_groups = groups,
          .rows = rows,
          .cols = cols};
}

}  // namespace crossloom
