#include "simulator/device/program_cells.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace crossloom {
namespace {

constexpr ArrayCell kCell = {.g_min_siemens = 1e-5, .g_max_siemens = 1e-4};

RealMatrix programmed(const DeviceNoise& noise, double target, WriteEffort& effort) {
  return program_cells(RealMatrix(100, 100, target), noise, kCell, RandomStream(3, {}), effort);
}

TEST(ProgramCells, StuckCellsStayAtTheEndsOfTheRangeInTheirShares) {
  WriteEffort effort;
  const RealMatrix cells = programmed({.stuck_at = {.hrs_fraction = 0.1, .lrs_fraction = 0.05}}, 0.5, effort);
  const auto count = [&](double value) {
    return static_cast<double>(std::ranges::count_if(cells.values, [&](double g) { return std::abs(g - value) < 1e-12; }));
  };
  EXPECT_NEAR(count(0.1), 1000.0, 5 * 30.0);  // binomial: sqrt(10^4 x 0.1 x 0.9) = 30
  EXPECT_NEAR(count(1.0), 500.0, 5 * 21.8);
  EXPECT_EQ(count(0.1) + count(1.0) + count(0.5), 10'000.0);
}

TEST(ProgramCells, DriftFollowsThePowerLaw) {
  WriteEffort effort;
  const RealMatrix cells = programmed({.drift = {.time_s = 2000.0, .reference_time_s = 20.0, .nu_mean = 0.05}}, 0.5, effort);
  for (const double value : cells.values) ASSERT_NEAR(value, 0.5 * std::pow(100.0, -0.05), 1e-12);
}

TEST(ProgramCells, DriftBeforeItsReferenceTimeIsTheIdentity) {
  WriteEffort effort;
  const RealMatrix cells = programmed({.drift = {.time_s = 20.0, .reference_time_s = 20.0, .nu_mean = 0.05}}, 0.5, effort);
  EXPECT_EQ(cells, RealMatrix(100, 100, 0.5));
}

TEST(ProgramCells, WriteVerifyKeepsEveryCellWithinTheToleranceUnlessPulsesRunOut) {
  DeviceNoise noise;
  noise.programming = {.model = ProgrammingModel::kNormalIndependent, .magnitude = 0.02};
  noise.write_verify = {.max_pulses = 1000, .tolerance_fraction = 0.01, .pulse_ns = 10.0, .pulse_energy_pj = 0.5};
  WriteEffort effort;
  const RealMatrix cells = programmed(noise, 0.5, effort);
  for (const double value : cells.values) ASSERT_LE(std::abs(value - 0.5), 0.01 * 0.9 + 1e-12);
  EXPECT_EQ(effort.num_cells_off_target, 0);
  // A pulse succeeds with P(|z| < 0.009 / 0.02) = erf(0.45 / sqrt 2) = 0.3473: 1 / 0.3473 = 2.879 pulses a cell on average.
  EXPECT_NEAR(static_cast<double>(effort.num_pulses) / 1e4, 2.879, 0.12);
  EXPECT_EQ(effort.time_ns, 10.0 * static_cast<double>(effort.num_pulses));
  EXPECT_EQ(effort.energy_pj, 0.5 * static_cast<double>(effort.num_pulses));
}

TEST(ProgramCells, WriteVerifyCountsCellsThatRunOutOfPulses) {
  DeviceNoise noise;
  noise.programming = {.model = ProgrammingModel::kNormalIndependent, .magnitude = 0.02};
  noise.write_verify = {.max_pulses = 1, .tolerance_fraction = 0.01};
  WriteEffort effort;
  static_cast<void>(programmed(noise, 0.5, effort));
  EXPECT_EQ(effort.num_pulses, 10'000);
  EXPECT_NEAR(static_cast<double>(effort.num_cells_off_target), 6527.0, 5 * 47.6);
}

}  // namespace
}  // namespace crossloom
