#pragma once

#include <cstdint>
#include <span>
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

/// Currents as whole numbers of level steps: value = (sum x step + base) x unit.
struct WholeUnits {
  double step = 1.0;
  double base = 0.0;
  double unit = 1.0;
};
/// out[i] = the value of sums[i].
void scale_whole(std::span<const std::int32_t> sums, const WholeUnits& units, double* out);

/// A uniform quantizer: clips to [low, high] and rounds to the nearest of `num_steps` + 1 equally spaced values, halves to
/// even.
struct Quantizer {
  double low = 0.0;
  double high = 1.0;
  double num_steps = 1.0;
};
void quantize(const Quantizer& quantizer, std::span<double> values);
/// sum[i] += weight x values[i] quantized.
void add_quantized(const Quantizer& quantizer, std::span<const double> values, double weight, double* sum);

/// The same of whole numbers: sum[i] += weight x the value of sums[i] quantized.
void add_quantized(const Quantizer& quantizer, std::span<const std::int32_t> sums, const WholeUnits& units, double weight,
                   double* sum);

/// Row drivers: value / largest_value is clipped to [low, 1] and rounded to a multiple of 1 / num_codes, halves to even.
struct InputSteps {
  double largest_value = 1.0;
  double low = 0.0;
  double num_codes = 1.0;  ///< at most 2^31 - 1; 0: no rounding, all codes 0
};
/// Encodes `values` in place and sets `codes`, whole numbers of 1 / num_codes. False when a value is not finite.
[[nodiscard]] bool encode(const InputSteps& steps, std::span<double> values, std::int32_t* codes);

/// sums[i] += weight x code of values[i], with code = rint(value x inverse_step), halves to even, clipped to the whole numbers
/// [low, high] within +-2^22. Exact while no sum exceeds 2^24.
struct CodeConverter {
  float inverse_step = 1.0F;
  float low = 0.0F;
  float high = 1.0F;
};
void add_codes(const CodeConverter& converter, std::span<const float> values, float weight, float* sums);

}  // namespace crossloom
