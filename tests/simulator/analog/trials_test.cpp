#include "simulator/analog/trials.h"

#include <gtest/gtest.h>

#include <cmath>

namespace crossloom {
namespace {

TEST(Trials, ReportTheMeanAndTheSampleDeviationOfTheirOutputs) {
  const RealMatrix weights(2, 5, 0.5);
  const RealMatrix inputs(3, 5, 0.7);
  DeviceNoise noise;
  noise.programming = {.model = ProgrammingModel::kNormalProportional, .magnitude = 0.1};
  noise.read = {.model = ReadNoiseModel::kNormalProportional, .magnitude = 0.1};
  const TrialResults results = run_trials(weights, inputs, {}, noise, 4, 3, 1);
  std::vector<double> outputs;
  for (std::uint64_t trial = 0; trial < 3; ++trial) {
    outputs.push_back(AnalogMatrix(weights, {}, noise, {.seed = 4, .trial = trial}).multiply(inputs, trial).at(1, 1));
  }
  const double mean = (outputs[0] + outputs[1] + outputs[2]) / 3.0;
  double squares = 0.0;
  for (const double value : outputs) squares += (value - mean) * (value - mean);
  EXPECT_EQ(results.outputs.at(1, 1), outputs[0]);
  EXPECT_NEAR(results.mean.at(1, 1), mean, 1e-14);
  EXPECT_NEAR(results.deviation.at(1, 1), std::sqrt(squares / 2.0), 1e-14);
  EXPECT_NEAR(results.ideal.at(1, 1), 5 * 0.5 * 0.7, 1e-14);
}

}  // namespace
}  // namespace crossloom
