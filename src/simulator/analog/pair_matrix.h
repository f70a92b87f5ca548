#pragma once

#include <cstdint>

#include "simulator/analog/aligned_vector.h"
#include "simulator/device/real_matrix.h"

namespace crossloom {

/// A matrix of whole numbers, input lines x output lines, in 16 bits, with two neighbouring input lines side by side as
/// multiply-and-add-pairs instructions take them. Cut into strips of `kStripCols` output lines padded with zeros.
class PairMatrix {
 public:
  static constexpr std::int64_t kStripCols = 32;

  PairMatrix() = default;
  /// Values must be whole and within +-32767.
  explicit PairMatrix(const RealMatrix& matrix);

  [[nodiscard]] std::int64_t num_pairs() const { return num_pairs_; }
  [[nodiscard]] std::int64_t num_strips() const { return num_strips_; }
  /// Output lines with the padding.
  [[nodiscard]] std::int64_t padded_cols() const { return num_strips_ * kStripCols; }
  /// Pairs x kStripCols x 2 values of one strip.
  [[nodiscard]] const std::int16_t* strip(std::int64_t index) const {
    return values_.data() + index * num_pairs_ * kStripCols * 2;
  }

 private:
  std::int64_t num_pairs_ = 0;
  std::int64_t num_strips_ = 0;
  AlignedVector<std::int16_t> values_;
};

/// out[v][c] += sum over input lines r of inputs[v][r] x matrix[r][c], for `num_vectors` vectors. `inputs` has
/// 2 matrix.num_pairs() values a vector, `out` matrix.padded_cols(). Exact while no partial sum exceeds 2^31 - 1.
void add_products(const PairMatrix& matrix, const std::int16_t* inputs, std::int64_t num_vectors, std::int32_t* out);

}  // namespace crossloom
