#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "simulator/analog/analog_matrix.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

std::string error_of(const ArrayConfig& array, const DeviceNoise& noise = {}, const RealMatrix& weights = RealMatrix(2, 3)) {
  return user_error([&] { return AnalogMatrix(weights, array, noise, {}).num_arrays(); });
}

TEST(AnalogMatrixErrors, NameWhatDoesNotFitTogether) {
  ArrayConfig array;
  array.cell.g_min_siemens = 1.0;
  EXPECT_EQ(error_of(array), "cell.g_min_siemens: 1, allowed: below cell.g_max_siemens = 1e-04");
  array = {};
  array.weights = {.polarity = WeightPolarity::kDifferentialTwoSided, .num_slices = 2};
  EXPECT_THAT(error_of(array), testing::HasSubstr("weights.num_slices: 2"));
  array = {};
  array.adc = {.model = AdcModel::kUniform, .range = AdcRange::kFixed};
  EXPECT_EQ(error_of(array), "adc.fixed_ranges: 0 ranges, allowed: 1 or weights.num_slices = 1");
}

TEST(AnalogMatrixErrors, RefuseAFitOutsideItsRange) {
  DeviceNoise noise;
  noise.programming = {.model = ProgrammingModel::kRramMilo, .magnitude = 1.0};
  EXPECT_THAT(error_of({}, noise), testing::StartsWith("programming.model: rram_milo is known from"));
}

TEST(AnalogMatrixErrors, RefuseValuesThatAreNotFinite) {
  EXPECT_EQ(error_of({}, {}, RealMatrix(1, 1, std::numeric_limits<double>::quiet_NaN())),
            "weights: a value is not a finite number");
  const AnalogMatrix matrix(RealMatrix(1, 1), {}, {}, {});
  EXPECT_EQ(user_error([&] { return matrix.multiply(RealMatrix(1, 1, std::numeric_limits<double>::infinity())).rows; }),
            "inputs: a value is not a finite number");
}

TEST(AnalogMatrixErrors, RefuseVectorsOfAnotherLength) {
  const AnalogMatrix matrix(RealMatrix(2, 3), {}, {}, {});
  EXPECT_EQ(user_error([&] { return matrix.multiply(RealMatrix(1, 4)).rows; }),
            "inputs: vectors of 4 values, the weights have 3 inputs");
}

TEST(AnalogMatrixErrors, RefuseToReadBeforeCalibration) {
  ArrayConfig array;
  array.adc = {.model = AdcModel::kUniform, .range = AdcRange::kCalibrated};
  EXPECT_THROW(static_cast<void>(AnalogMatrix(RealMatrix(2, 3), array, {}, {}).multiply(RealMatrix(1, 3))), InternalError);
}

}  // namespace
}  // namespace crossloom
