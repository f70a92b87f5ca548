#include "simulator/analog/product_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "simulator/analog/bit_patterns.h"
#include "simulator/analog/conversion_kernels.h"
#include "simulator/analog/pair_matrix.h"
#include "support/random_stream.h"

/// The hot loops against loops of one value after the other.
namespace crossloom {
namespace {

/// Whole numbers from -`largest` to `largest`.
RealMatrix whole_matrix(std::int64_t rows, std::int64_t cols, double largest, std::uint64_t seed) {
  RandomStream random(seed, {});
  RealMatrix matrix(rows, cols);
  for (double& value : matrix.values) value = std::rint((2.0 * random.next_uniform() - 1.0) * largest);
  return matrix;
}

TEST(PairMatrix, ProductsAreThoseOfIntegers) {
  constexpr std::int64_t kVectors = 5;
  // Odd numbers of lines, more than fit one pass, and one and several strips.
  for (const auto& [rows, cols] : {std::pair<std::int64_t, std::int64_t>{1, 1}, {7, 33}, {401, 3}}) {
    const RealMatrix cells = whole_matrix(rows, cols, 511.0, 1);
    const RealMatrix digits = whole_matrix(kVectors, rows, 255.0, 2);
    const PairMatrix matrix(cells);
    std::vector<std::int16_t> inputs(static_cast<std::size_t>(kVectors * 2 * matrix.num_pairs()), 0);
    std::vector<std::int32_t> out(static_cast<std::size_t>(kVectors * matrix.padded_cols()), 1);
    for (std::int64_t v = 0; v < kVectors; ++v) {
      for (std::int64_t row = 0; row < rows; ++row) {
        inputs[static_cast<std::size_t>(v * 2 * matrix.num_pairs() + row)] = static_cast<std::int16_t>(digits.at(v, row));
      }
    }
    add_products(matrix, inputs.data(), kVectors, out.data());
    for (std::int64_t v = 0; v < kVectors; ++v) {
      for (std::int64_t col = 0; col < cols; ++col) {
        double expected = 1.0;
        for (std::int64_t row = 0; row < rows; ++row) expected += digits.at(v, row) * cells.at(row, col);
        EXPECT_EQ(out[static_cast<std::size_t>(v * matrix.padded_cols() + col)], static_cast<std::int32_t>(expected));
      }
    }
  }
}

TEST(SubsetSums, AreThoseOfTheRowsThatAPatternSelects) {
  const RealMatrix cells = whole_matrix(50, 3, 511.0, 3);  // more than the 48 rows of a table
  const StripMatrix<std::int16_t> matrix(cells);
  std::vector<std::uint8_t> pattern(13, 0b1010);
  std::vector<std::int32_t> out(static_cast<std::size_t>(matrix.padded_cols()), 0);
  add_subset_sums(matrix, pattern.data(), 1, out.data());
  for (std::int64_t col = 0; col < 3; ++col) {
    double expected = 0.0;
    for (std::int64_t row = 1; row < 50; row += 2) expected += cells.at(row, col);
    EXPECT_EQ(out[static_cast<std::size_t>(col)], static_cast<std::int32_t>(expected));
  }
}

TEST(AddQuantized, EveryLengthAndBothKindsOfCurrentsAgree) {
  constexpr Quantizer kQuantizer{.low = -2.0, .high = 3.0, .num_steps = 10.0};  // steps of a half
  const WholeUnits units{.step = 0.125, .base = 0.0625, .unit = 2.0};
  for (std::size_t count = 1; count < 10; ++count) {
    std::vector<std::int32_t> sums;
    std::vector<double> values;
    std::vector<double> expected;
    for (std::size_t i = 0; i < count; ++i) {
      sums.push_back(7 * static_cast<std::int32_t>(i) - 20);
      values.push_back((0.125 * sums.back() + 0.0625) * 2.0);
      const double clipped = std::clamp(values.back(), -2.0, 3.0);
      expected.push_back(1.0 + 3.0 * (std::nearbyint((clipped + 2.0) * 2.0) / 2.0 - 2.0));
    }
    std::vector<double> of_sums(count, 1.0);
    std::vector<double> of_values(count, 1.0);
    add_quantized(kQuantizer, sums, units, 3.0, of_sums.data());
    add_quantized(kQuantizer, values, 3.0, of_values.data());
    EXPECT_EQ(of_sums, expected);
    EXPECT_EQ(of_values, expected);
  }
}

TEST(AddCodes, EveryLengthRoundsAndClips) {
  const CodeConverter converter{.inverse_step = 0.5F, .low = -3.0F, .high = 4.0F};
  for (std::size_t count = 1; count < 20; ++count) {
    std::vector<float> values;
    std::vector<float> expected;
    for (std::size_t i = 0; i < count; ++i) {
      values.push_back(static_cast<float>(i) - 9.0F);
      expected.push_back(2.0F * std::clamp(std::nearbyint(values.back() / 2.0F), -3.0F, 4.0F));
    }
    std::vector<float> sums(count, 0.0F);
    add_codes(converter, values, 2.0F, sums.data());
    EXPECT_EQ(sums, expected);
  }
}

TEST(Encode, ClipsRoundsAndSeesWhatIsNoNumber) {
  std::vector<double> values = {-1.0, 0.0, 1.0, 3.0, 9.0};
  std::vector<std::int32_t> codes(values.size(), -7);
  // Halves to even: 1 of 4 is 0.5 of 2 codes, 0; 3 of 4 is 1.5, 2.
  EXPECT_TRUE(encode({.largest_value = 4.0, .low = 0.0, .num_codes = 2.0}, values, codes.data()));
  EXPECT_EQ(codes, (std::vector<std::int32_t>{0, 0, 0, 2, 2}));
  EXPECT_EQ(values, (std::vector<double>{0.0, 0.0, 0.0, 1.0, 1.0}));
  for (const double bad : {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    std::vector<double> broken = {0.0, 0.0, 0.0, bad, 0.0};
    EXPECT_FALSE(encode({}, broken, codes.data()));
  }
}

TEST(EightPatterns, BitOfEachWordGoesToItsPhase) {
  const std::uint64_t patterns = eight_patterns({0b1, 0b10, 0b11, 0b100}, 0);
  EXPECT_EQ(patterns & 0xFFU, 0b0101U);
  EXPECT_EQ((patterns >> 8) & 0xFFU, 0b0110U);
  EXPECT_EQ((patterns >> 16) & 0xFFU, 0b1000U);
}

}  // namespace
}  // namespace crossloom
