#include "compiler/partition/drop_zeros.h"

#include <algorithm>
#include <map>
#include <utility>

namespace crossloom {
namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// Rows and columns of a full matrix that have a weight which is not zero.
struct UsedLines {
  std::vector<bool> rows;
  std::vector<bool> cols;
};

UsedLines used_lines(const WeightMatrix& matrix, const NonzeroWeights& is_nonzero) {
  UsedLines used{.rows = std::vector<bool>(at(matrix.rows)), .cols = std::vector<bool>(at(matrix.cols))};
  for (std::int64_t col = 0; col < matrix.cols; ++col) {
    for (std::int64_t row = 0; row < matrix.rows; ++row) {
      if (!is_nonzero[at(weight_index(matrix, row, col))]) continue;
      used.rows[at(row)] = true;
      used.cols[at(col)] = true;
    }
  }
  return used;
}

/// Lines not used, whole sets of neighbours of `width` at a time; one set is kept whatever it holds.
std::vector<std::int64_t> unused(const std::vector<bool>& is_used, std::int64_t width) {
  const auto count = static_cast<std::int64_t>(is_used.size());
  std::vector<std::int64_t> dropped;
  for (std::int64_t first = 0; first < count; first += width) {
    const auto begin = is_used.begin() + first;
    const bool is_last_chance = static_cast<std::int64_t>(dropped.size()) + width == count;
    if (is_last_chance || std::find(begin, begin + width, true) != begin + width) continue;
    for (std::int64_t line = first; line < first + width; ++line) dropped.push_back(line);
  }
  return dropped;
}

}  // namespace

std::vector<NonzeroWeights> nonzero_weights(const std::vector<WeightMatrix>& matrices, const WeightStore& store) {
  std::vector<NonzeroWeights> result;
  result.reserve(matrices.size());
  for (const WeightMatrix& matrix : matrices) {
    NonzeroWeights& is_nonzero = result.emplace_back();
    const std::vector<float> weights = store.load_folded(matrix.layer).weights;
    is_nonzero.reserve(weights.size());
    for (const float weight : weights) is_nonzero.push_back(weight != 0.0F);
  }
  return result;
}

WeightMatrix drop_zero_lines(WeightMatrix matrix, const NonzeroWeights& is_nonzero) {
  const UsedLines used = used_lines(matrix, is_nonzero);
  matrix.dropped_rows = unused(used.rows, 1);
  matrix.dropped_cols = unused(used.cols, matrix.mapping == MappingKind::kGroupedColumns ? cols_a_group(matrix) : 1);
  matrix.rows -= static_cast<std::int64_t>(matrix.dropped_rows.size());
  matrix.cols -= static_cast<std::int64_t>(matrix.dropped_cols.size());
  return matrix;
}

void drop_zero_blocks(WeightMatrix& matrix, std::vector<WeightBlock>& blocks, const NonzeroWeights& is_nonzero) {
  const std::vector<std::int64_t> rows = kept_rows(matrix);
  const std::vector<std::int64_t> cols = kept_cols(matrix);
  const auto is_zero = [&](const WeightBlock& block) {
    for (std::int64_t col = block.matrix_col0; col < block.matrix_col0 + block.cols; ++col) {
      for (std::int64_t row = block.matrix_row0; row < block.matrix_row0 + block.rows; ++row) {
        if (is_nonzero[at(weight_index(matrix, rows[at(row)], cols[at(col)]))]) return false;
      }
    }
    return true;
  };
  std::vector<WeightBlock> kept;
  kept.reserve(blocks.size());
  std::map<std::int64_t, std::int64_t> parts;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    WeightBlock block = blocks[i];
    const bool is_last_chance = kept.empty() && i + 1 == blocks.size();
    if (!is_last_chance && is_zero(block)) {
      matrix.dropped_blocks.push_back(
          {.row0 = block.matrix_row0, .col0 = block.matrix_col0, .rows = block.rows, .cols = block.cols});
      continue;
    }
    const auto next = static_cast<std::int64_t>(parts.size());
    block.input_part = parts.try_emplace(block.input_part, next).first->second;
    kept.push_back(block);
  }
  blocks = std::move(kept);
}

void count_kept_macs(LoweredNetwork& lowered) {
  for (LoweredOperation& step : lowered.operations) {
    if (step.matrix >= 0) step.operation.num_macs = num_kept_weights(lowered.matrices[at(step.matrix)]);
  }
}

}  // namespace crossloom
