#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace crossloom {

/// A dense matrix of real numbers, row by row.
struct RealMatrix {
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::vector<double> values = {};  ///< rows x cols

  RealMatrix() = default;
  RealMatrix(std::int64_t num_rows, std::int64_t num_cols, double value = 0.0)
      : rows(num_rows), cols(num_cols), values(static_cast<std::size_t>(num_rows * num_cols), value) {}

  [[nodiscard]] double& at(std::int64_t row, std::int64_t col) { return values[static_cast<std::size_t>(row * cols + col)]; }
  [[nodiscard]] double at(std::int64_t row, std::int64_t col) const {
    return values[static_cast<std::size_t>(row * cols + col)];
  }
  friend bool operator==(const RealMatrix&, const RealMatrix&) = default;
};

[[nodiscard]] inline RealMatrix transposed(const RealMatrix& matrix) {
  RealMatrix result(matrix.cols, matrix.rows);
  for (std::int64_t row = 0; row < matrix.rows; ++row) {
    for (std::int64_t col = 0; col < matrix.cols; ++col) result.at(col, row) = matrix.at(row, col);
  }
  return result;
}

/// The block of `num_rows` x `num_cols` whose first element is (row0, col0); it must lie inside.
[[nodiscard]] inline RealMatrix block_of(const RealMatrix& matrix, std::int64_t row0, std::int64_t col0, std::int64_t num_rows,
                                         std::int64_t num_cols) {
  RealMatrix result(num_rows, num_cols);
  for (std::int64_t row = 0; row < num_rows; ++row) {
    std::copy_n(matrix.values.begin() + (row0 + row) * matrix.cols + col0, num_cols, result.values.begin() + row * num_cols);
  }
  return result;
}

}  // namespace crossloom
