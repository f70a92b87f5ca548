#pragma once

#include <cstdint>
#include <vector>

#include "simulator/program/weight_matrix.h"

namespace crossloom {

/// A piece of a weight matrix that fits into one crossbar, after bit slicing; all sizes count weights.
struct WeightBlock {
  std::int64_t matrix = 0;
  std::int64_t matrix_row0 = 0;
  std::int64_t matrix_col0 = 0;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::int64_t num_activations = 1;  ///< a window: groups with columns in the block for grouped columns, else 1
  std::int64_t input_part = 0;       ///< blocks of a matrix with the same part read the same input values
  friend bool operator==(const WeightBlock&, const WeightBlock&) = default;
};

struct PartitionOptions {
  std::int64_t crossbar_rows = 0;
  std::int64_t crossbar_weight_cols = 0;
  /// Depth-split factor d of a depthwise convolution: columns are cut into parts of max(1, floor(channels / d)) and a
  /// remainder, each narrow enough for a crossbar, that run in parallel (arXiv 2409.18841). Other grouped convolutions are cut
  /// between groups, so that all groups run in parallel.
  std::int64_t depth_split = 1;
};

/// Cuts a matrix into blocks of crossbar size, remainders kept, row part by row part. The columns of one group are kept
/// together when they fit; an input part is a row part of the groups of a block. Throws UserError for a depth split below 1 and
/// for more than 2^24 blocks.
[[nodiscard]] std::vector<WeightBlock> partition(const WeightMatrix& matrix, std::int64_t matrix_index,
                                                 const PartitionOptions& options);

}  // namespace crossloom
