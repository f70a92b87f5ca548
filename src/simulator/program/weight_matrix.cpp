#include "simulator/program/weight_matrix.h"

#include <utility>

namespace crossloom {
namespace {

/// 0 to the last one, without the dropped ones.
std::vector<std::int64_t> others(std::int64_t num_kept, const std::vector<std::int64_t>& dropped) {
  std::vector<std::int64_t> kept;
  kept.reserve(static_cast<std::size_t>(num_kept));
  auto next = dropped.begin();
  for (std::int64_t i = 0; static_cast<std::int64_t>(kept.size()) < num_kept; ++i) {
    if (next != dropped.end() && *next == i) {
      ++next;
    } else {
      kept.push_back(i);
    }
  }
  return kept;
}

}  // namespace

std::vector<std::int64_t> kept_rows(const WeightMatrix& matrix) { return others(matrix.rows, matrix.dropped_rows); }

std::vector<std::int64_t> kept_cols(const WeightMatrix& matrix) { return others(matrix.cols, matrix.dropped_cols); }

std::int64_t num_kept_weights(const WeightMatrix& matrix) {
  std::int64_t count = matrix.rows * matrix.cols;
  for (const MatrixPart& part : matrix.dropped_blocks) count -= part.rows * part.cols;
  return count;
}

WeightMatrix without_drops(WeightMatrix matrix) {
  matrix.rows += static_cast<std::int64_t>(matrix.dropped_rows.size());
  matrix.cols += static_cast<std::int64_t>(matrix.dropped_cols.size());
  matrix.dropped_rows.clear();
  matrix.dropped_cols.clear();
  matrix.dropped_blocks.clear();
  return matrix;
}

}  // namespace crossloom
