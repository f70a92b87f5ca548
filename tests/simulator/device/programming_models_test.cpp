#include "simulator/device/programming_models.h"

#include <gtest/gtest.h>

#include <cmath>

#include "simulator/device/program_cells.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

constexpr ArrayCell kCell = {.g_min_siemens = 5e-6, .g_max_siemens = 25e-6};
constexpr ArrayCell kMiloCell = {.g_min_siemens = 50e-6, .g_max_siemens = 225e-6};

class EveryNoiseModel : public testing::TestWithParam<std::size_t> {
 protected:
  [[nodiscard]] const ProgrammingModelInfo& info() const { return programming_models()[GetParam()]; }
  [[nodiscard]] ArrayCell cell() const { return info().fit_low_siemens > 1e-5 ? kMiloCell : kCell; }
  [[nodiscard]] DeviceNoise noise(double magnitude) const {
    DeviceNoise noise;
    noise.programming.model = static_cast<ProgrammingModel>(GetParam());
    noise.programming.magnitude = magnitude;
    noise.programming.table =
        parse_measured_table("target_siemens,mean_siemens,sigma_siemens\n1e-6,1e-6,1e-7\n3e-4,3e-4,2e-6\n", "table.csv");
    return noise;
  }
  [[nodiscard]] RealMatrix programmed(const RealMatrix& targets, double magnitude, std::uint64_t seed = 1) const {
    WriteEffort effort;
    return program_cells(targets, noise(magnitude), cell(), RandomStream(seed, {}), effort);
  }
  [[nodiscard]] double small_magnitude() const { return info().magnitude_key == "sigma_fraction" ? 0.01 : 1.0; }
};

TEST_P(EveryNoiseModel, IsTheIdentityAtZeroMagnitude) {
  const RealMatrix targets(20, 20, 0.83);
  EXPECT_EQ(programmed(targets, 0.0), targets);
}

TEST_P(EveryNoiseModel, GivesTheSameBitsForTheSameKey) {
  const RealMatrix targets(20, 20, 0.83);
  EXPECT_EQ(programmed(targets, small_magnitude()), programmed(targets, small_magnitude()));
  if (GetParam() == 0) return;  // the first model has no draws
  EXPECT_NE(programmed(targets, small_magnitude()), programmed(targets, small_magnitude(), 2));
}

TEST_P(EveryNoiseModel, ReachesItsDeclaredMeanAndSigma) {
  const double target = 0.83;
  const double magnitude = small_magnitude();
  const RealMatrix cells = programmed(RealMatrix(200, 200, target), magnitude);
  double sum = 0.0;
  double squares = 0.0;
  for (const double value : cells.values) {
    sum += value - target;
    squares += (value - target) * (value - target);
  }
  const double count = 40'000.0;
  const double mean = sum / count;
  const double sigma = std::sqrt(squares / count - mean * mean);
  const double declared =
      info().sigma_siemens(target * cell().g_max_siemens, noise(magnitude).programming, cell()) / cell().g_max_siemens;
  // Five standard errors: sigma / sqrt(n) of the mean, sigma / sqrt(2 n) of sigma.
  EXPECT_NEAR(mean, 0.0, 5.0 * declared / 200.0 + 1e-15);
  EXPECT_NEAR(sigma, declared, 5.0 * declared / 282.8 + 1e-15);
}

TEST_P(EveryNoiseModel, NeverLeavesAConductanceBelowZero) {
  for (const double value : programmed(RealMatrix(50, 50, cell().relative_min()), 20.0 * small_magnitude()).values) {
    EXPECT_GE(value, 0.0);
  }
}

TEST_P(EveryNoiseModel, RefusesCellsOutsideTheFit) {
  ArrayCell wide = cell();
  wide.g_max_siemens = 1.0;
  const std::string problem = programming_problem(noise(1.0).programming, wide);
  const bool has_fit = std::isfinite(info().fit_high_siemens) || info().name == "measured_table";
  EXPECT_EQ(problem.empty(), !has_fit) << problem;
  EXPECT_EQ(programming_problem(noise(1.0).programming, cell()), "");
}

INSTANTIATE_TEST_SUITE_P(Table, EveryNoiseModel, testing::Range(std::size_t{0}, programming_models().size()),
                         [](const auto& test) { return std::string(programming_models()[test.param].name); });

TEST(ProgrammingModels, StateDependentSigmasAreThePublishedPolynomials) {
  const auto sigma = [](ProgrammingModel model, double siemens) {
    return info_of(model).sigma_siemens(siemens, {.model = model, .magnitude = 1.0}, kCell);
  };
  EXPECT_NEAR(sigma(ProgrammingModel::kRramMilo, 100e-6), (-0.009107 * 100 + 4.782321) * 1e-6, 1e-18);
  EXPECT_NEAR(sigma(ProgrammingModel::kRramWan, 20e-6), (1.536e-4 * 8000 - 1.167e-2 * 400 + 0.2374 * 20 + 1.053) * 1e-6, 1e-18);
  EXPECT_NEAR(sigma(ProgrammingModel::kPcmJoshi, 10e-6), (-0.00178767 * 100 + 0.07585724 * 10 + 0.28638599) * 1e-6, 1e-18);
}

TEST(ProgrammingModels, NamesTheFitThatCellsLeave) {
  EXPECT_EQ(programming_problem({.model = ProgrammingModel::kRramMilo, .magnitude = 1.0}, kCell),
            "programming.model: rram_milo is known from 5e-05 to 0.000225 siemens, the cells range from 5e-06 to 2.5e-05");
}

}  // namespace
}  // namespace crossloom
