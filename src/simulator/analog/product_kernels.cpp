#include "simulator/analog/product_kernels.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "simulator/analog/kernel_packs.h"

namespace crossloom {
namespace {

constexpr std::int64_t kPacksPerStrip = 4;
constexpr std::int64_t kRowsPerPass = 192;  // rows of a strip that stay in the first-level cache beside the vectors: 24 KiB
constexpr std::int64_t kVectorsPerPass = 3;
constexpr std::int64_t kRowsPerGroup = 4;
constexpr std::int64_t kSumsPerGroup = 16;
constexpr std::int64_t kGroupsPerTable = 12;  // 48 rows: a table of 24 KiB, which stays in the first-level cache

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

#if defined(__x86_64__)
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

}  // namespace crossloom
