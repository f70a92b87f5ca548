#include "simulator/analog/analog_matrix.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "support/random_stream.h"

namespace crossloom {
namespace {

RealMatrix random_matrix(std::int64_t rows, std::int64_t cols, double low, double high, std::uint64_t seed = 1) {
  RandomStream random(seed, {});
  RealMatrix matrix(rows, cols);
  for (double& value : matrix.values) value = low + (high - low) * random.next_uniform();
  return matrix;
}

RealMatrix integer_matrix(std::int64_t rows, std::int64_t cols, std::int64_t low, std::int64_t high, double unit) {
  RandomStream random(7, {});
  RealMatrix matrix(rows, cols);
  for (double& value : matrix.values) {
    value =
        static_cast<double>(low + static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(high - low + 1)))) /
        unit;
  }
  return matrix;
}

double product(const RealMatrix& weights, const RealMatrix& inputs, std::int64_t vector, std::int64_t output) {
  double sum = 0.0;
  for (std::int64_t i = 0; i < weights.cols; ++i) sum += weights.at(output, i) * inputs.at(vector, i);
  return sum;
}

struct IdealCase {
  WeightPolarity polarity;
  std::int64_t num_slices;
  std::int64_t num_levels;
  DacEncoding encoding;
  std::int64_t bits_per_phase;
};

/// 8-bit weights and inputs without any imperfection.
ArrayConfig ideal_array(const IdealCase& ideal) {
  ArrayConfig array;
  array.cell = {.g_min_siemens = 1e-5, .g_max_siemens = 1e-4, .num_levels = ideal.num_levels};
  array.weights.polarity = ideal.polarity;
  array.weights.num_slices = ideal.num_slices;
  array.inputs = {.encoding = ideal.encoding, .bits = 8, .bits_per_phase = ideal.bits_per_phase};
  return array;
}

TEST(AnalogMatrix, EqualsIntegerArithmeticForEverySlicingPolarityAndPhase) {
  for (const DacEncoding encoding : {DacEncoding::kUnsigned, DacEncoding::kSignMagnitude}) {
    for (const std::int64_t phase_bits : {0, 1, 2, 3}) {
      for (const IdealCase& ideal : {IdealCase{WeightPolarity::kDifferentialOneSided, 1, 128, encoding, phase_bits},
                                     IdealCase{WeightPolarity::kDifferentialTwoSided, 1, 255, encoding, phase_bits},
                                     IdealCase{WeightPolarity::kOffset, 1, 256, encoding, phase_bits},
                                     IdealCase{WeightPolarity::kDifferentialOneSided, 4, 4, encoding, phase_bits},
                                     IdealCase{WeightPolarity::kDifferentialOneSided, 8, 2, encoding, phase_bits},
                                     IdealCase{WeightPolarity::kOffset, 3, 8, encoding, phase_bits},
                                     IdealCase{WeightPolarity::kOffset, 2, 16, encoding, phase_bits}}) {
        const bool is_unsigned = encoding == DacEncoding::kUnsigned;
        const double largest_input = is_unsigned ? 255.0 : 127.0;
        const RealMatrix weights = integer_matrix(70, 37, -127, 127, 127.0);
        const RealMatrix inputs = integer_matrix(9, 37, is_unsigned ? 0 : -127, is_unsigned ? 255 : 127, largest_input);
        const RealMatrix outputs = AnalogMatrix(weights, ideal_array(ideal), {}, {}).multiply(inputs);
        for (std::int64_t vector = 0; vector < inputs.rows; ++vector) {
          for (std::int64_t output = 0; output < weights.rows; ++output) {
            const double expected = std::rint(product(weights, inputs, vector, output) * 127.0 * largest_input);
            ASSERT_NEAR(outputs.at(vector, output) * 127.0 * largest_input, expected, 1e-7);
          }
        }
      }
    }
  }
}

TEST(AnalogMatrix, LevelsAndConductancesGiveTheSameCurrents) {
  const RealMatrix weights = random_matrix(20, 130, -1.0, 1.0);
  const RealMatrix inputs = random_matrix(5, 130, 0.0, 1.0);
  ArrayConfig array = ideal_array({WeightPolarity::kDifferentialOneSided, 1, 128, DacEncoding::kUnsigned, 1});
  DeviceNoise moved;  // by nothing, but the cells count as moved
  moved.programming = {.model = ProgrammingModel::kNormalIndependent, .magnitude = 0.0};
  for (const std::int64_t phase_bits : {0, 1, 2}) {
    array.inputs.bits_per_phase = phase_bits;
    const RealMatrix levels = AnalogMatrix(weights, array, {}, {}).multiply(inputs);
    const RealMatrix conductances = AnalogMatrix(weights, array, moved, {}).multiply(inputs);
    for (std::size_t i = 0; i < levels.values.size(); ++i) EXPECT_NEAR(levels.values[i], conductances.values[i], 1e-12);
  }
}

TEST(AnalogMatrix, AGridSumsItsBlocks) {
  const RealMatrix weights = random_matrix(33, 50, -1.0, 1.0);
  const RealMatrix inputs = random_matrix(4, 50, 0.0, 1.0);
  ArrayConfig array = ideal_array({WeightPolarity::kOffset, 1, 0, DacEncoding::kUnsigned, 0});
  const RealMatrix whole = AnalogMatrix(weights, array, {}, {}).multiply(inputs);
  array.grid = {.max_rows = 16, .max_cols = 10};
  const AnalogMatrix grid(weights, array, {}, {});
  EXPECT_EQ(grid.num_arrays(), 4 * 4);
  const RealMatrix outputs = grid.multiply(inputs);
  for (std::size_t i = 0; i < whole.values.size(); ++i) EXPECT_NEAR(outputs.values[i], whole.values[i], 1e-12);
}

TEST(AnalogMatrix, GivesTheSameBitsOnOneAndTwoThreadsAndForAnyBatch) {
  const RealMatrix weights = random_matrix(70, 90, -1.0, 1.0);
  const RealMatrix inputs = random_matrix(300, 90, 0.0, 1.0);
  ArrayConfig array = ideal_array({WeightPolarity::kDifferentialOneSided, 4, 4, DacEncoding::kUnsigned, 1});
  array.adc = {.model = AdcModel::kSar, .bits = 6, .mismatch_sigma_fraction = 0.05, .offset_sigma_lsb = 0.5};
  DeviceNoise noise;
  noise.programming = {.model = ProgrammingModel::kLognormal, .magnitude = 0.1};
  noise.read = {.model = ReadNoiseModel::kNormalProportional, .magnitude = 0.05};
  const RealMatrix one = AnalogMatrix(weights, array, noise, {.seed = 5}, 1).multiply(inputs, 3, 1);
  EXPECT_EQ(one, AnalogMatrix(weights, array, noise, {.seed = 5}, 2).multiply(inputs, 3, 2));
  const RealMatrix few = AnalogMatrix(weights, array, noise, {.seed = 5}).multiply(block_of(inputs, 0, 0, 7, 90), 3);
  EXPECT_EQ(few, block_of(one, 0, 0, 7, 70));
  EXPECT_NE(one, AnalogMatrix(weights, array, noise, {.seed = 6}).multiply(inputs, 3));
}

/// Standard deviation of each output over many reads of one vector, against the sum over the cells.
void expect_read_sigma(const ArrayConfig& array, const ReadNoise& read, double sigma_of_g_max, bool proportional) {
  const RealMatrix weights = random_matrix(3, 40, -1.0, 1.0);
  const RealMatrix vector = random_matrix(1, 40, 0.0, 1.0, 9);
  DeviceNoise noise;
  noise.read = read;
  const AnalogMatrix matrix(weights, array, noise, {});
  const MappedWeights mapped = map_weights(weights, array);
  constexpr std::int64_t kReads = 4'000;
  RealMatrix repeated(kReads, 40);
  for (std::int64_t row = 0; row < kReads; ++row) {
    for (std::int64_t col = 0; col < 40; ++col) repeated.at(row, col) = vector.at(0, col);
  }
  const RealMatrix outputs = matrix.multiply(repeated);
  for (std::int64_t output = 0; output < 3; ++output) {
    double variance = 0.0;
    for (const ConductanceSlice& slice : mapped.slices) {
      for (std::int64_t i = 0; i < 40; ++i) {
        for (const RealMatrix* plane : {&slice.positive, &slice.negative}) {
          const double sigma =
              sigma_of_g_max * (proportional ? plane->at(i, output) : 1.0) * vector.at(0, i) * slice.significance;
          variance += sigma * sigma;
        }
      }
    }
    double sum = 0.0;
    double squares = 0.0;
    const double ideal = product(weights, vector, 0, output);
    for (std::int64_t row = 0; row < kReads; ++row) {
      const double error = outputs.at(row, output) - ideal;
      sum += error;
      squares += error * error;
    }
    const double mean = sum / kReads;
    const double sigma = std::sqrt(squares / kReads - mean * mean);
    EXPECT_NEAR(sigma, std::sqrt(variance), 5.0 * std::sqrt(variance / (2.0 * kReads)));
    EXPECT_NEAR(mean, 0.0, 5.0 * std::sqrt(variance / kReads));
  }
}

TEST(AnalogMatrix, ReadNoiseHasTheVarianceOfItsCells) {
  ArrayConfig array = ideal_array({WeightPolarity::kDifferentialOneSided, 1, 0, DacEncoding::kUnsigned, 0});
  array.inputs.bits = 0;
  expect_read_sigma(array, {.model = ReadNoiseModel::kNormalIndependent, .magnitude = 0.02}, 0.02, false);
  expect_read_sigma(array, {.model = ReadNoiseModel::kNormalProportional, .magnitude = 0.05}, 0.05, true);
  // sqrt(ln((1 + 250e-9) / 500e-9)) = 3.8089
  expect_read_sigma(array, {.model = ReadNoiseModel::kOneOverF, .magnitude = 0.01, .time_s = 1.0},
                    0.01 * std::sqrt(std::log((1.0 + 250e-9) / 500e-9)), true);
}

TEST(AnalogMatrix, DigitalSubtractionReadsBothLinesWithNoiseOfTheirOwn) {
  ArrayConfig array = ideal_array({WeightPolarity::kDifferentialOneSided, 1, 0, DacEncoding::kUnsigned, 0});
  array.inputs.bits = 0;
  array.weights.pair_subtraction = PairSubtraction::kDigital;
  expect_read_sigma(array, {.model = ReadNoiseModel::kNormalIndependent, .magnitude = 0.02}, 0.02, false);
}

TEST(AnalogMatrix, ReadsBelowZeroCountAsZero) {
  // Against a draw for each cell: cells at g_min = 0, of which half of the reads are clipped.
  ArrayConfig array = ideal_array({WeightPolarity::kDifferentialOneSided, 1, 0, DacEncoding::kUnsigned, 0});
  array.inputs.bits = 0;
  array.cell.g_min_siemens = 0.0;
  constexpr double kSigma = 0.1;
  constexpr std::int64_t kInputs = 30;
  constexpr std::int64_t kReads = 4'000;
  const RealMatrix weights = random_matrix(1, kInputs, 0.0, 1.0);  // no weight below zero, so that shifts do not cancel
  const RealMatrix vector = random_matrix(1, kInputs, 0.0, 1.0, 9);
  DeviceNoise noise;
  noise.read = {.model = ReadNoiseModel::kNormalIndependent, .magnitude = kSigma};
  RealMatrix repeated(kReads, kInputs);
  for (std::int64_t i = 0; i < kReads * kInputs; ++i) {
    repeated.values[static_cast<std::size_t>(i)] = vector.values[static_cast<std::size_t>(i % kInputs)];
  }
  const RealMatrix outputs = AnalogMatrix(weights, array, noise, {}).multiply(repeated);
  const ConductanceSlice slice = map_weights(weights, array).slices.front();
  RandomStream random(3, {});
  const auto read = [&](double conductance) { return std::max(conductance + kSigma * random.next_normal(), 0.0); };
  std::array<double, 2> sums = {};
  std::array<double, 2> squares = {};
  for (std::int64_t trial = 0; trial < kReads; ++trial) {
    double drawn = 0.0;
    for (std::int64_t i = 0; i < kInputs; ++i) {
      drawn += (read(slice.positive.at(i, 0)) - read(slice.negative.at(i, 0))) * vector.at(0, i) * slice.significance;
    }
    const std::array<double, 2> both = {outputs.at(trial, 0), drawn};
    for (std::size_t i = 0; i < 2; ++i) {
      sums[i] += both[i] / kReads;
      squares[i] += both[i] * both[i] / kReads;
    }
  }
  const double sigma = std::sqrt(squares[1] - sums[1] * sums[1]);
  EXPECT_NEAR(sums[0], sums[1], 5.0 * sigma * std::sqrt(2.0 / kReads));
  EXPECT_NEAR(std::sqrt(squares[0] - sums[0] * sums[0]), sigma, 5.0 * sigma * std::sqrt(1.0 / kReads));
  EXPECT_GT(std::abs(sums[1] - product(weights, vector, 0, 0)), 10.0 * sigma * std::sqrt(1.0 / kReads));
}

TEST(AnalogMatrix, ACalibratedRangeCoversTheCurrentsItWasShown) {
  const RealMatrix weights = random_matrix(10, 64, -1.0, 1.0);
  const RealMatrix inputs = random_matrix(50, 64, 0.0, 1.0);
  ArrayConfig array = ideal_array({WeightPolarity::kDifferentialOneSided, 1, 0, DacEncoding::kUnsigned, 0});
  array.adc = {.model = AdcModel::kSignMagnitude, .bits = 10, .range = AdcRange::kCalibrated};
  AnalogMatrix matrix(weights, array, {}, {});
  matrix.calibrate(inputs);
  const RealMatrix outputs = matrix.multiply(inputs);
  array.adc.model = AdcModel::kNone;
  const RealMatrix exact = AnalogMatrix(weights, array, {}, {}).multiply(inputs);
  double largest = 0.0;
  for (const double value : exact.values) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < exact.values.size(); ++i) {
    EXPECT_NEAR(outputs.values[i], exact.values[i], largest / 1022.0 * (1 + 1e-9));  // half a step of 2 largest / 1022
  }
}

}  // namespace
}  // namespace crossloom
