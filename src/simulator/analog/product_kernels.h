#pragma once

#include <cstdint>
#include <vector>

#include "simulator/analog/aligned_vector.h"
#include "simulator/device/real_matrix.h"

/// Products of many input vectors with one matrix, the hot loops of an analog MVM. Each output is summed in the order of the
/// input lines, so results do not depend on the instruction set, the batch or the threads.
namespace crossloom {

/// A matrix of input lines x output lines cut into strips of `kStripCols` output lines, each strip contiguous and padded with
/// zeros, so that the inner loops need no remainder.
template <class Real>
class StripMatrix {
 public:
  static constexpr std::int64_t kStripCols = 128 / static_cast<std::int64_t>(sizeof(Real));

  StripMatrix() = default;
  explicit StripMatrix(const RealMatrix& matrix);

  [[nodiscard]] std::int64_t rows() const { return rows_; }
  [[nodiscard]] std::int64_t cols() const { return cols_; }
  [[nodiscard]] std::int64_t num_strips() const { return (cols_ + kStripCols - 1) / kStripCols; }
  /// Output lines with the padding.
  [[nodiscard]] std::int64_t padded_cols() const { return num_strips() * kStripCols; }
  /// Rows x kStripCols values of one strip.
  [[nodiscard]] const Real* strip(std::int64_t index) const { return values_.data() + index * rows_ * kStripCols; }

 private:
  std::int64_t rows_ = 0;
  std::int64_t cols_ = 0;
  AlignedVector<Real> values_;
};

/// out[v][c] += sum over rows r in [first_row, last_row) of inputs[v][r] x matrix[r][c], for `num_vectors` vectors.
/// `inputs` has matrix.rows() values a vector, `out` matrix.padded_cols().
void add_products(const StripMatrix<double>& matrix, const double* inputs, std::int64_t num_vectors, double* out);
/// The same in binary32, exact for integers while no partial sum exceeds 2^24.
void add_products(const StripMatrix<float>& matrix, std::int64_t first_row, std::int64_t last_row, const float* inputs,
                  std::int64_t num_vectors, float* out);

/// out[p][c] += sum of matrix[r][c] over the rows r that pattern p selects, by tables of the 16 sums of each group of four rows
/// (the method of four Russians: Arlazarov, Dinic, Kronrod, Faradzev, 1970). `patterns` holds one byte a group of four rows,
/// (rows + 3) / 4 a pattern, bit i selecting row 4 group + i.
void add_subset_sums(const StripMatrix<double>& matrix, const std::uint8_t* patterns, std::int64_t num_patterns, double* out);
/// The same in binary32, exact for integers while no partial sum exceeds 2^24.
void add_subset_sums(const StripMatrix<float>& matrix, const std::uint8_t* patterns, std::int64_t num_patterns, float* out);
/// The same for integers; no sum of magnitudes over 48 neighbouring rows may exceed 2^15 - 1.
void add_subset_sums(const StripMatrix<std::int16_t>& matrix, const std::uint8_t* patterns, std::int64_t num_patterns,
                     std::int32_t* out);

}  // namespace crossloom
