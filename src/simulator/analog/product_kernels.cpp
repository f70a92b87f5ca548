#include "simulator/analog/product_kernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

namespace crossloom {
namespace {

// Vectors of 32 bytes in GNU's extension, which g++ and clang++ compile for any instruction set.
constexpr std::size_t kPackBytes = 32;
template <class Real>
struct PackOf;
template <>
struct PackOf<double> {
  using Type __attribute__((vector_size(kPackBytes))) = double;
};
template <>
struct PackOf<float> {
  using Type __attribute__((vector_size(kPackBytes))) = float;
};
template <>
struct PackOf<std::int16_t> {
  using Type __attribute__((vector_size(kPackBytes))) = std::int16_t;
};
template <class Real>
using Pack = typename PackOf<Real>::Type;

constexpr std::int64_t kPacksPerStrip = 4;
constexpr std::int64_t kRowsPerPass = 192;  // rows of a strip that stay in the first-level cache beside the vectors: 24 KiB
constexpr std::int64_t kVectorsPerPass = 3;
constexpr std::int64_t kRowsPerGroup = 4;
constexpr std::int64_t kSumsPerGroup = 16;
constexpr std::int64_t kGroupsPerTable = 12;  // 48 rows: a table of 24 KiB, which stays in the first-level cache

#define CROSSLOOM_INLINE inline __attribute__((always_inline))

/// Products of `Vectors` input vectors with rows [first, last) of one strip.
template <class Real, std::int64_t Vectors>
CROSSLOOM_INLINE void strip_products(const Real* strip, std::int64_t first, std::int64_t last, const Real* inputs,
                                     std::int64_t input_stride, Real* out, std::int64_t out_stride) {
  constexpr std::int64_t kLanes = static_cast<std::int64_t>(kPackBytes / sizeof(Real));
  Pack<Real> sums[Vectors][kPacksPerStrip];  // NOLINT(modernize-avoid-c-arrays): std::array would hide it from the registers
  for (std::int64_t v = 0; v < Vectors; ++v) {
    for (std::int64_t p = 0; p < kPacksPerStrip; ++p) std::memcpy(&sums[v][p], out + v * out_stride + p * kLanes, kPackBytes);
  }
  for (std::int64_t row = first; row < last; ++row) {
    const Real* cells = strip + row * kLanes * kPacksPerStrip;
    for (std::int64_t p = 0; p < kPacksPerStrip; ++p) {
      Pack<Real> cell;
      std::memcpy(&cell, cells + p * kLanes, kPackBytes);
      for (std::int64_t v = 0; v < Vectors; ++v) sums[v][p] += cell * inputs[v * input_stride + row];
    }
  }
  for (std::int64_t v = 0; v < Vectors; ++v) {
    for (std::int64_t p = 0; p < kPacksPerStrip; ++p) std::memcpy(out + v * out_stride + p * kLanes, &sums[v][p], kPackBytes);
  }
}

template <class Real>
CROSSLOOM_INLINE void products(const StripMatrix<Real>& matrix, std::int64_t first_row, std::int64_t last_row,
                               const Real* inputs, std::int64_t num_vectors, Real* out) {
  const std::int64_t input_stride = matrix.rows();
  const std::int64_t out_stride = matrix.padded_cols();
  for (std::int64_t strip = 0; strip < matrix.num_strips(); ++strip) {
    const Real* cells = matrix.strip(strip);
    Real* strip_out = out + strip * StripMatrix<Real>::kStripCols;
    for (std::int64_t first = first_row; first < last_row; first += kRowsPerPass) {
      const std::int64_t last = std::min(first + kRowsPerPass, last_row);
      std::int64_t v = 0;
      for (; v + kVectorsPerPass <= num_vectors; v += kVectorsPerPass) {
        strip_products<Real, kVectorsPerPass>(cells, first, last, inputs + v * input_stride, input_stride,
                                              strip_out + v * out_stride, out_stride);
      }
      for (; v < num_vectors; ++v) {
        strip_products<Real, 1>(cells, first, last, inputs + v * input_stride, input_stride, strip_out + v * out_stride,
                                out_stride);
      }
    }
  }
}

/// The 16 sums of each group of four rows of a strip, from row `first` on.
template <class Real>
CROSSLOOM_INLINE void fill_table(const Real* strip, std::int64_t rows, std::int64_t first, std::int64_t num_groups,
                                 Real* table) {
  constexpr std::int64_t kCols = StripMatrix<Real>::kStripCols;
  for (std::int64_t group = 0; group < num_groups; ++group) {
    Real* sums = table + group * kSumsPerGroup * kCols;
    std::memset(sums, 0, kCols * sizeof(Real));
    for (std::int64_t bit = 0; bit < kRowsPerGroup; ++bit) {
      const std::int64_t row = first + group * kRowsPerGroup + bit;
      const std::int64_t num_known = std::int64_t{1} << bit;
      for (std::int64_t pattern = 0; pattern < num_known; ++pattern) {
        const Real* known = sums + pattern * kCols;
        Real* sum = sums + (num_known + pattern) * kCols;
        if (row < rows) {
          for (std::int64_t col = 0; col < kCols; ++col) sum[col] = static_cast<Real>(known[col] + strip[row * kCols + col]);
        } else {
          std::copy(known, known + kCols, sum);
        }
      }
    }
  }
}

template <class Real, class Sum>
CROSSLOOM_INLINE void subset_sums(const StripMatrix<Real>& matrix, const std::uint8_t* patterns, std::int64_t num_patterns,
                                  Sum* out) {
  constexpr std::int64_t kCols = StripMatrix<Real>::kStripCols;
  constexpr std::int64_t kLanes = kCols / kPacksPerStrip;
  const std::int64_t num_groups = (matrix.rows() + kRowsPerGroup - 1) / kRowsPerGroup;
  const std::int64_t out_stride = matrix.padded_cols();
  AlignedVector<Real> table(static_cast<std::size_t>(kGroupsPerTable * kSumsPerGroup * kCols));
  for (std::int64_t strip = 0; strip < matrix.num_strips(); ++strip) {
    for (std::int64_t first = 0; first < num_groups; first += kGroupsPerTable) {
      const std::int64_t count = std::min(kGroupsPerTable, num_groups - first);
      fill_table(matrix.strip(strip), matrix.rows(), first * kRowsPerGroup, count, table.data());
      for (std::int64_t pattern = 0; pattern < num_patterns; ++pattern) {
        const std::uint8_t* selected = patterns + pattern * num_groups + first;
        Pack<Real> sums[kPacksPerStrip] = {};  // NOLINT(modernize-avoid-c-arrays): as above
        for (std::int64_t group = 0; group < count; ++group) {
          const Real* entry = table.data() + (group * kSumsPerGroup + selected[group]) * kCols;
          for (std::int64_t p = 0; p < kPacksPerStrip; ++p) {
            Pack<Real> value;
            std::memcpy(&value, entry + p * kLanes, kPackBytes);
            sums[p] += value;
          }
        }
        std::array<Real, static_cast<std::size_t>(kCols)> total = {};
        std::memcpy(total.data(), &sums[0], sizeof(total));
        Sum* target = out + pattern * out_stride + strip * kCols;
        for (std::int64_t col = 0; col < kCols; ++col) target[col] += total[static_cast<std::size_t>(col)];
      }
    }
  }
}

// The loops below are written out in packs: compilers make branches of std::min and std::max and then do not vectorize them.
constexpr std::size_t kDoubles = kPackBytes / sizeof(double);
constexpr std::size_t kFloats = kPackBytes / sizeof(float);

/// A quantizer with its divisions done.
struct QuantizerFactors {
  double low;
  double high;
  double scale;
  double step_size;
};

CROSSLOOM_INLINE QuantizerFactors factors_of(const Quantizer& quantizer) {
  const double range = quantizer.high - quantizer.low;
  return {quantizer.low, quantizer.high, quantizer.num_steps / range, range / quantizer.num_steps};
}

CROSSLOOM_INLINE void quantize_pack(const QuantizerFactors& factors, Pack<double>& value) {
  // Adding and taking away 1.5 x 2^52 rounds to a whole number, halves to even, in any instruction set.
  constexpr double kRounder = 6755399441055744.0;
  const Pack<double> low = Pack<double>{} + factors.low;
  const Pack<double> high = Pack<double>{} + factors.high;
  value = value < low ? low : value;
  value = value > high ? high : value;
  value = (((value - low) * factors.scale + kRounder) - kRounder) * factors.step_size + low;
}

/// Values that are currents already.
struct NoUnits {};

CROSSLOOM_INLINE void load_pack(const double* values, const NoUnits&, Pack<double>& value) {
  std::memcpy(&value, values, kPackBytes);
}
CROSSLOOM_INLINE void load_pack(const std::int32_t* sums, const WholeUnits& units, Pack<double>& value) {
  using FourSums __attribute__((vector_size(kPackBytes / 2))) = std::int32_t;
  FourSums four;
  std::memcpy(&four, sums, sizeof(four));
  value = (__builtin_convertvector(four, Pack<double>) * units.step + units.base) * units.unit;
}

template <class Source, class Units>
CROSSLOOM_INLINE void add_quantized_pack(const QuantizerFactors& factors, const Source* values, const Units& units,
                                         double weight, double* sum) {
  Pack<double> value;
  load_pack(values, units, value);
  quantize_pack(factors, value);
  Pack<double> total;
  std::memcpy(&total, sum, kPackBytes);
  total += weight * value;
  std::memcpy(sum, &total, kPackBytes);
}

template <class Source, class Units>
CROSSLOOM_INLINE void add_quantized_each(const Quantizer& quantizer, const Source* values, std::size_t count,
                                         const Units& units, double weight, double* sum) {
  const QuantizerFactors factors = factors_of(quantizer);
  std::size_t i = 0;
  for (; i + kDoubles <= count; i += kDoubles) add_quantized_pack(factors, values + i, units, weight, sum + i);
  if (i == count) return;
  std::array<Source, kDoubles> last = {};
  std::array<double, kDoubles> total = {};
  std::copy(values + i, values + count, last.begin());
  std::copy(sum + i, sum + count, total.begin());
  add_quantized_pack(factors, last.data(), units, weight, total.data());
  std::copy_n(total.begin(), count - i, sum + i);
}

CROSSLOOM_INLINE void quantize_each(const Quantizer& quantizer, double* values, std::size_t count) {
  const QuantizerFactors factors = factors_of(quantizer);
  Pack<double> value;
  std::size_t i = 0;
  for (; i + kDoubles <= count; i += kDoubles) {
    std::memcpy(&value, values + i, kPackBytes);
    quantize_pack(factors, value);
    std::memcpy(values + i, &value, kPackBytes);
  }
  if (i == count) return;
  value = Pack<double>{};
  std::memcpy(&value, values + i, (count - i) * sizeof(double));
  quantize_pack(factors, value);
  std::memcpy(values + i, &value, (count - i) * sizeof(double));
}

CROSSLOOM_INLINE void scale_whole_each(const std::int32_t* sums, std::size_t count, const WholeUnits units, double* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = (static_cast<double>(sums[i]) * units.step + units.base) * units.unit;
}

CROSSLOOM_INLINE bool encode_each(const InputSteps steps, double* values, std::size_t count, std::int32_t* codes) {
  // kRounder as above.
  constexpr double kRounder = 6755399441055744.0;
  constexpr double kLargest = std::numeric_limits<double>::max();
  std::int64_t num_bad = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double value = values[i] / steps.largest_value;
    num_bad += std::abs(value) <= kLargest ? 0 : 1;
    values[i] = std::min(std::max(value, steps.low), 1.0);
  }
  if (num_bad > 0) return false;
  if (steps.num_codes == 0.0) {
    std::fill(codes, codes + count, 0);
    return true;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const double code = (values[i] * steps.num_codes + kRounder) - kRounder;
    values[i] = code / steps.num_codes;
    codes[i] = static_cast<std::int32_t>(code);
  }
  return true;
}

CROSSLOOM_INLINE void add_codes_pack(const CodeConverter& converter, const float* values, float weight, float* sums) {
  // As kRounder above, in binary32: 1.5 x 2^23.
  constexpr float kSmallRounder = 12582912.0F;
  const Pack<float> low = Pack<float>{} + converter.low;
  const Pack<float> high = Pack<float>{} + converter.high;
  Pack<float> value;
  Pack<float> total;
  std::memcpy(&value, values, kPackBytes);
  std::memcpy(&total, sums, kPackBytes);
  value *= converter.inverse_step;
  value = value < low ? low : value;
  value = value > high ? high : value;
  total += weight * ((value + kSmallRounder) - kSmallRounder);
  std::memcpy(sums, &total, kPackBytes);
}

CROSSLOOM_INLINE void add_codes_each(const CodeConverter& converter, const float* values, std::size_t count, float weight,
                                     float* sums) {
  std::size_t i = 0;
  for (; i + kFloats <= count; i += kFloats) add_codes_pack(converter, values + i, weight, sums + i);
  if (i == count) return;
  std::array<float, kFloats> last = {};
  std::array<float, kFloats> total = {};
  std::copy(values + i, values + count, last.begin());
  std::copy(sums + i, sums + count, total.begin());
  add_codes_pack(converter, last.data(), weight, total.data());
  std::copy_n(total.begin(), count - i, sums + i);
}

#undef CROSSLOOM_INLINE

// Each loop is compiled for the baseline and, on x86, for AVX2; no fused multiply-add, so that both give the same bits.
#if defined(__x86_64__)
#define CROSSLOOM_FOR_AVX2 __attribute__((target("avx2")))
CROSSLOOM_FOR_AVX2 void products_avx2(const StripMatrix<double>& matrix, const double* inputs, std::int64_t num_vectors,
                                      double* out) {
  products(matrix, 0, matrix.rows(), inputs, num_vectors, out);
}
CROSSLOOM_FOR_AVX2 void products_avx2(const StripMatrix<float>& matrix, std::int64_t first_row, std::int64_t last_row,
                                      const float* inputs, std::int64_t num_vectors, float* out) {
  products(matrix, first_row, last_row, inputs, num_vectors, out);
}
CROSSLOOM_FOR_AVX2 void subset_sums_avx2(const StripMatrix<double>& matrix, const std::uint8_t* patterns,
                                         std::int64_t num_patterns, double* out) {
  subset_sums(matrix, patterns, num_patterns, out);
}
CROSSLOOM_FOR_AVX2 void subset_sums_avx2(const StripMatrix<std::int16_t>& matrix, const std::uint8_t* patterns,
                                         std::int64_t num_patterns, std::int32_t* out) {
  subset_sums(matrix, patterns, num_patterns, out);
}
CROSSLOOM_FOR_AVX2 void subset_sums_avx2(const StripMatrix<float>& matrix, const std::uint8_t* patterns,
                                         std::int64_t num_patterns, float* out) {
  subset_sums(matrix, patterns, num_patterns, out);
}
CROSSLOOM_FOR_AVX2 void add_codes_avx2(const CodeConverter& converter, const float* values, std::size_t count, float weight,
                                       float* sums) {
  add_codes_each(converter, values, count, weight, sums);
}
CROSSLOOM_FOR_AVX2 void quantize_avx2(const Quantizer& quantizer, double* values, std::size_t count) {
  quantize_each(quantizer, values, count);
}
CROSSLOOM_FOR_AVX2 void add_quantized_avx2(const Quantizer& quantizer, const double* values, std::size_t count, double weight,
                                           double* sum) {
  add_quantized_each(quantizer, values, count, NoUnits{}, weight, sum);
}
CROSSLOOM_FOR_AVX2 void scale_whole_avx2(const std::int32_t* sums, std::size_t count, const WholeUnits& units, double* out) {
  scale_whole_each(sums, count, units, out);
}
CROSSLOOM_FOR_AVX2 void add_quantized_whole_avx2(const Quantizer& quantizer, const std::int32_t* sums, std::size_t count,
                                                 const WholeUnits& units, double weight, double* sum) {
  add_quantized_each(quantizer, sums, count, units, weight, sum);
}
CROSSLOOM_FOR_AVX2 bool encode_avx2(const InputSteps& steps, double* values, std::size_t count, std::int32_t* codes) {
  return encode_each(steps, values, count, codes);
}
#undef CROSSLOOM_FOR_AVX2
bool has_avx2() { return __builtin_cpu_supports("avx2") != 0; }
#endif

}  // namespace

template <class Real>
StripMatrix<Real>::StripMatrix(const RealMatrix& matrix) : rows_(matrix.rows), cols_(matrix.cols) {
  values_.resize(static_cast<std::size_t>(padded_cols() * rows_));
  for (std::int64_t row = 0; row < rows_; ++row) {
    for (std::int64_t col = 0; col < cols_; ++col) {
      const std::int64_t index = ((col / kStripCols) * rows_ + row) * kStripCols + col % kStripCols;
      values_[static_cast<std::size_t>(index)] = static_cast<Real>(matrix.at(row, col));
    }
  }
}

template class StripMatrix<double>;
template class StripMatrix<float>;
template class StripMatrix<std::int16_t>;

void add_products(const StripMatrix<double>& matrix, const double* inputs, std::int64_t num_vectors, double* out) {
#if defined(__x86_64__)
  if (has_avx2()) return products_avx2(matrix, inputs, num_vectors, out);
#endif
  products(matrix, 0, matrix.rows(), inputs, num_vectors, out);
}

void add_products(const StripMatrix<float>& matrix, std::int64_t first_row, std::int64_t last_row, const float* inputs,
                  std::int64_t num_vectors, float* out) {
#if defined(__x86_64__)
  if (has_avx2()) return products_avx2(matrix, first_row, last_row, inputs, num_vectors, out);
#endif
  products(matrix, first_row, last_row, inputs, num_vectors, out);
}

void add_subset_sums(const StripMatrix<double>& matrix, const std::uint8_t* patterns, std::int64_t num_patterns, double* out) {
#if defined(__x86_64__)
  if (has_avx2()) return subset_sums_avx2(matrix, patterns, num_patterns, out);
#endif
  subset_sums(matrix, patterns, num_patterns, out);
}

void add_subset_sums(const StripMatrix<std::int16_t>& matrix, const std::uint8_t* patterns, std::int64_t num_patterns,
                     std::int32_t* out) {
#if defined(__x86_64__)
  if (has_avx2()) return subset_sums_avx2(matrix, patterns, num_patterns, out);
#endif
  subset_sums(matrix, patterns, num_patterns, out);
}

void add_subset_sums(const StripMatrix<float>& matrix, const std::uint8_t* patterns, std::int64_t num_patterns, float* out) {
#if defined(__x86_64__)
  if (has_avx2()) return subset_sums_avx2(matrix, patterns, num_patterns, out);
#endif
  subset_sums(matrix, patterns, num_patterns, out);
}

void quantize(const Quantizer& quantizer, std::span<double> values) {
#if defined(__x86_64__)
  if (has_avx2()) return quantize_avx2(quantizer, values.data(), values.size());
#endif
  quantize_each(quantizer, values.data(), values.size());
}

void add_quantized(const Quantizer& quantizer, std::span<const double> values, double weight, double* sum) {
#if defined(__x86_64__)
  if (has_avx2()) return add_quantized_avx2(quantizer, values.data(), values.size(), weight, sum);
#endif
  add_quantized_each(quantizer, values.data(), values.size(), NoUnits{}, weight, sum);
}

void scale_whole(std::span<const std::int32_t> sums, const WholeUnits& units, double* out) {
#if defined(__x86_64__)
  if (has_avx2()) return scale_whole_avx2(sums.data(), sums.size(), units, out);
#endif
  scale_whole_each(sums.data(), sums.size(), units, out);
}

void add_quantized(const Quantizer& quantizer, std::span<const std::int32_t> sums, const WholeUnits& units, double weight,
                   double* sum) {
#if defined(__x86_64__)
  if (has_avx2()) return add_quantized_whole_avx2(quantizer, sums.data(), sums.size(), units, weight, sum);
#endif
  add_quantized_each(quantizer, sums.data(), sums.size(), units, weight, sum);
}

bool encode(const InputSteps& steps, std::span<double> values, std::int32_t* codes) {
#if defined(__x86_64__)
  if (has_avx2()) return encode_avx2(steps, values.data(), values.size(), codes);
#endif
  return encode_each(steps, values.data(), values.size(), codes);
}

void add_codes(const CodeConverter& converter, std::span<const float> values, float weight, float* sums) {
#if defined(__x86_64__)
  if (has_avx2()) return add_codes_avx2(converter, values.data(), values.size(), weight, sums);
#endif
  add_codes_each(converter, values.data(), values.size(), weight, sums);
}

}  // namespace crossloom
