#include "simulator/device/read_noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace crossloom {
namespace {

constexpr ArrayCell kCell{.g_min_siemens = 0.0, .g_max_siemens = 1e-4, .num_levels = 0, .read_voltage_volt = 0.1};
constexpr ReadNoise kNoise{.model = ReadNoiseModel::kNormalIndependent, .magnitude = 0.2, .time_s = 0.0};

/// Mean and variance of max(g + sigma z, 0) by the midpoint rule over z.
ReadMoments integrated(double conductance, double sigma) {
  constexpr int kSteps = 40'000;
  constexpr double kReach = 10.0;
  constexpr double kStep = 2.0 * kReach / kSteps;
  double mean = 0.0;
  double square = 0.0;
  for (int i = 0; i < kSteps; ++i) {
    const double z = -kReach + (i + 0.5) * kStep;
    const double weight = std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi) * kStep;
    const double value = std::max(conductance + sigma * z, 0.0);
    mean += weight * value;
    square += weight * value * value;
  }
  return {.mean_shift = mean - conductance, .variance = square - mean * mean};
}

TEST(ReadMoments, AreThoseOfANormalDrawThatIsZeroBelowZero) {
  for (const double conductance : {0.0, 0.01, 0.1, 0.3, 0.7, 0.99, 1.0}) {
    const ReadMoments expected = integrated(conductance, 0.2);
    const ReadMoments moments = read_moments(conductance, kNoise, kCell);
    EXPECT_NEAR(moments.mean_shift, expected.mean_shift, 2e-7) << conductance;
    EXPECT_NEAR(moments.variance, expected.variance, 2e-7) << conductance;
  }
}

TEST(ReadMoments, OfACellFarFromZeroAreThoseOfTheNormalDraw) {
  const ReadMoments moments = read_moments(1.0, kNoise, kCell);
  EXPECT_EQ(moments.mean_shift, 0.0);
  EXPECT_DOUBLE_EQ(moments.variance, 0.04);
}

TEST(ReadMoments, OfNoNoiseAreZero) {
  const ReadMoments moments = read_moments(0.0, {}, kCell);
  EXPECT_EQ(moments.mean_shift, 0.0);
  EXPECT_EQ(moments.variance, 0.0);
}

}  // namespace
}  // namespace crossloom
