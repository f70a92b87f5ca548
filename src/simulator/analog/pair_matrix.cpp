#include "simulator/analog/pair_matrix.h"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace crossloom {
namespace {

constexpr std::int64_t kPairsPerPass = 192;  // of a strip: 24 KiB, which stay in the first-level cache beside the vectors

/// The loop without instructions of its own; sums are whole numbers, so every order of additions gives the same.
void strip_products(const std::int16_t* strip, std::int64_t first, std::int64_t last, const std::int16_t* inputs,
                    std::int32_t* out) {
  for (std::int64_t pair = first; pair < last; ++pair) {
    const std::int16_t* cells = strip + pair * PairMatrix::kStripCols * 2;
    const std::int32_t even = inputs[2 * pair];
    const std::int32_t odd = inputs[2 * pair + 1];
    for (std::int64_t col = 0; col < PairMatrix::kStripCols; ++col) {
      out[col] += even * cells[2 * col] + odd * cells[2 * col + 1];
    }
  }
}

#if defined(__x86_64__)
constexpr std::int64_t kPacks = 4;  // of 8 output lines a strip
constexpr std::int64_t kVectorsPerPass = 3;

/// Products of `Vectors` neighbouring input vectors with pairs [first, last) of one strip.
template <std::int64_t Vectors>
__attribute__((target("avx2"))) inline void strip_products_avx2(const std::int16_t* strip, std::int64_t first,
                                                                std::int64_t last, const std::int16_t* inputs,
                                                                std::int64_t input_stride, std::int32_t* out,
                                                                std::int64_t out_stride) {
  constexpr std::int64_t kLanes = 8;
  __m256i sums[Vectors][kPacks];  // NOLINT(modernize-avoid-c-arrays): std::array would hide it from the registers
  for (std::int64_t v = 0; v < Vectors; ++v) {
    for (std::int64_t p = 0; p < kPacks; ++p) std::memcpy(&sums[v][p], out + v * out_stride + p * kLanes, sizeof(__m256i));
  }
  for (std::int64_t pair = first; pair < last; ++pair) {
    const std::int16_t* cells = strip + pair * PairMatrix::kStripCols * 2;
    __m256i driven[Vectors];  // NOLINT(modernize-avoid-c-arrays): as above
    for (std::int64_t v = 0; v < Vectors; ++v) {
      std::int32_t digits = 0;
      std::memcpy(&digits, inputs + v * input_stride + 2 * pair, sizeof(digits));
      driven[v] = _mm256_set1_epi32(digits);
    }
    for (std::int64_t p = 0; p < kPacks; ++p) {
      __m256i cell;
      std::memcpy(&cell, cells + p * kLanes * 2, sizeof(cell));
      for (std::int64_t v = 0; v < Vectors; ++v) {
        sums[v][p] = _mm256_add_epi32(sums[v][p], _mm256_madd_epi16(cell, driven[v]));
      }
    }
  }
  for (std::int64_t v = 0; v < Vectors; ++v) {
    for (std::int64_t p = 0; p < kPacks; ++p) std::memcpy(out + v * out_stride + p * kLanes, &sums[v][p], sizeof(__m256i));
  }
}

__attribute__((target("avx2"))) void pass_avx2(const std::int16_t* strip, std::int64_t first, std::int64_t last,
                                               const std::int16_t* inputs, std::int64_t input_stride, std::int64_t num_vectors,
                                               std::int32_t* out, std::int64_t out_stride) {
  std::int64_t v = 0;
  for (; v + kVectorsPerPass <= num_vectors; v += kVectorsPerPass) {
    strip_products_avx2<kVectorsPerPass>(strip, first, last, inputs + v * input_stride, input_stride, out + v * out_stride,
                                         out_stride);
  }
  for (; v < num_vectors; ++v) {
    strip_products_avx2<1>(strip, first, last, inputs + v * input_stride, input_stride, out + v * out_stride, out_stride);
  }
}
#endif

void pass(const std::int16_t* strip, std::int64_t first, std::int64_t last, const std::int16_t* inputs,
          std::int64_t input_stride, std::int64_t num_vectors, std::int32_t* out, std::int64_t out_stride) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0) {
    return pass_avx2(strip, first, last, inputs, input_stride, num_vectors, out, out_stride);
  }
#endif
  for (std::int64_t v = 0; v < num_vectors; ++v) {
    strip_products(strip, first, last, inputs + v * input_stride, out + v * out_stride);
  }
}

}  // namespace

PairMatrix::PairMatrix(const RealMatrix& matrix)
    : num_pairs_((matrix.rows + 1) / 2), num_strips_((matrix.cols + kStripCols - 1) / kStripCols) {
  values_.resize(static_cast<std::size_t>(num_pairs_ * padded_cols() * 2));
  for (std::int64_t row = 0; row < matrix.rows; ++row) {
    for (std::int64_t col = 0; col < matrix.cols; ++col) {
      const std::int64_t strip = col / kStripCols;
      const std::int64_t place = ((strip * num_pairs_ + row / 2) * kStripCols + col % kStripCols) * 2 + row % 2;
      values_[static_cast<std::size_t>(place)] = static_cast<std::int16_t>(matrix.at(row, col));
    }
  }
}

void add_products(const PairMatrix& matrix, const std::int16_t* inputs, std::int64_t num_vectors, std::int32_t* out) {
  const std::int64_t input_stride = 2 * matrix.num_pairs();
  const std::int64_t out_stride = matrix.padded_cols();
  for (std::int64_t strip = 0; strip < matrix.num_strips(); ++strip) {
    for (std::int64_t first = 0; first < matrix.num_pairs(); first += kPairsPerPass) {
      pass(matrix.strip(strip), first, std::min(first + kPairsPerPass, matrix.num_pairs()), inputs, input_stride, num_vectors,
           out + strip * PairMatrix::kStripCols, out_stride);
    }
  }
}

}  // namespace crossloom
