#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/packing/packing.h"

namespace crossloom {

/// A budget of one crossbar a block, so that every packer has a way.
[[nodiscard]] inline PackingProblem with_ample_budget(PackingProblem problem) {
  problem.num_crossbars = static_cast<std::int64_t>(problem.items.size());
  return problem;
}

/// Up to `max_items` blocks (at least 1) of up to 8 layers with sizes up to those of a random crossbar of at most
/// `max_side` x `max_side`, a cap of 0 to 4 and a conflict distance of -1 to 2; ample budget. The same trial gives the same
/// problem.
[[nodiscard]] PackingProblem random_problem(std::uint64_t trial, std::int64_t max_items, std::int64_t max_side);

/// A layer of a network of tests/golden/rnc_layers.csv.
struct MatrixShape {
  std::int64_t layer = 0;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::int64_t groups = 1;
};
[[nodiscard]] std::vector<MatrixShape> rnc_matrices(std::string_view network);

/// Blocks of a network of tests/golden/rnc_layers.csv under the rules of RNC (arXiv 2409.18841): crossbars of 128x128 weights
/// with at most 6 blocks, neighbouring layers apart; matrices cut at the crossbar size, the columns of a grouped matrix first
/// into parts of max(1, floor(columns / depth_split)), remainders kept. Ample budget.
[[nodiscard]] PackingProblem rnc_problem(std::string_view network, std::int64_t depth_split);

}  // namespace crossloom
