#include "tests/compiler/packing/example_problems.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/random_stream.h"

namespace crossloom {

namespace {

/// A length cut into pieces of `piece` and a remainder.
std::vector<std::int64_t> cut(std::int64_t length, std::int64_t piece) {
  std::vector<std::int64_t> pieces(static_cast<std::size_t>(length / piece), piece);
  if (length % piece != 0) pieces.push_back(length % piece);
  return pieces;
}

}  // namespace

PackingProblem random_problem(std::uint64_t trial, std::int64_t max_items, std::int64_t max_side) {
  RandomStream random(2010, {.purpose = RandomPurpose::kTest, .trial = trial});
  const auto between = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(high - low + 1)));
  };
  PackingProblem problem;
  problem.crossbar_rows = between(1, max_side);
  problem.crossbar_cols = between(1, max_side);
  problem.max_blocks_per_crossbar = between(0, 4);
  problem.conflict_distance = between(-1, 2);
  const std::int64_t num_layers = between(1, 8);
  problem.items.resize(static_cast<std::size_t>(between(1, max_items)));
  for (PackingItem& item : problem.items) {
    item = {.layer = between(0, num_layers - 1),
            .rows = between(1, problem.crossbar_rows),
            .cols = between(1, problem.crossbar_cols)};
  }
  return with_ample_budget(problem);
}

std::vector<MatrixShape> rnc_matrices(std::string_view network) {
  std::vector<MatrixShape> matrices;
  std::ifstream table(CROSSLOOM_SOURCE_FOLDER "/tests/golden/rnc_layers.csv");
  const std::string prefix = std::string(network) + ",";
  for (std::string line; std::getline(table, line);) {
    if (!line.starts_with(prefix)) continue;
    std::istringstream fields(line.substr(prefix.size()));
    MatrixShape shape{.layer = static_cast<std::int64_t>(matrices.size())};
    char comma = ',';
    fields >> shape.rows >> comma >> shape.cols >> comma >> shape.groups;
    matrices.push_back(shape);
  }
  if (matrices.empty()) throw std::runtime_error("rnc_layers.csv: has no layers of " + std::string(network));
  return matrices;
}

PackingProblem rnc_problem(std::string_view network, std::int64_t depth_split) {
  constexpr std::int64_t kSide = 128;
  PackingProblem problem{
      .crossbar_rows = kSide, .crossbar_cols = kSide, .max_blocks_per_crossbar = 6, .conflict_distance = 1, .items = {}};
  for (const MatrixShape& matrix : rnc_matrices(network)) {
    const std::int64_t part = matrix.groups == 1 ? matrix.cols : std::max<std::int64_t>(1, matrix.cols / depth_split);
    for (const std::int64_t part_cols : cut(matrix.cols, part)) {
      for (const std::int64_t rows : cut(matrix.rows, kSide)) {
        for (const std::int64_t cols : cut(part_cols, kSide)) problem.items.push_back({matrix.layer, rows, cols});
      }
    }
  }
  return with_ample_budget(problem);
}

}  // namespace crossloom
