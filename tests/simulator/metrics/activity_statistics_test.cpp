#include "simulator/metrics/activity_statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/simulate.h"
#include "tests/simulator/metrics/example_metrics.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

using testing::HasSubstr;

PlacedProgram priced_program() {
  PlacedProgram program = example_program();
  program.chip.cell.read_energy_pj = 2.0;
  program.chip.dac.cost.energy_pj = 3.0;
  program.chip.adc.cost.energy_pj = 5.0;
  return program;
}

ActivityStatistics activity_of(double density, double power, double level) {
  return {
      .network = "chain",
      .layers = {
          {.name = "layer0", .input_density_fraction = density, .input_power_fraction = power, .cell_level_fraction = level}}};
}

RunMetrics simulated(const ActivityStatistics& activity) {
  return simulate(priced_program(), {.batch = 2, .progress = {}, .activity = activity});
}

TEST(ActivityStatistics, ReadBackWhatTheyWrote) {
  const ActivityStatistics activity = activity_of(0.25, 0.125, 0.75);
  EXPECT_EQ(activity_from_json(activity_to_json(activity), "activity.json"), activity);
}

TEST(ActivityStatistics, AtHalfGiveTheAveragesOfTheChip) {
  const RunMetrics average = simulate(priced_program(), {.batch = 2});
  const RunMetrics half = simulated(activity_of(0.5, 0.5, 0.5));
  EXPECT_DOUBLE_EQ(half.energy_pj.cell, average.energy_pj.cell);
  EXPECT_DOUBLE_EQ(half.energy_pj.dac, average.energy_pj.dac);
  EXPECT_FALSE(average.is_energy_value_dependent);
  EXPECT_TRUE(half.is_energy_value_dependent);
}

TEST(ActivityStatistics, ScaleCellsByInputPowerAndConductanceAndDacsByDensity) {
  const RunMetrics average = simulate(priced_program(), {.batch = 2});
  const RunMetrics sparse = simulated(activity_of(0.25, 0.1, 1.0));
  const CellConfig cell = priced_program().chip.cell;
  const double conductance = cell.g_max_siemens / (0.5 * (cell.g_min_siemens + cell.g_max_siemens));
  EXPECT_NEAR(sparse.energy_pj.cell, average.energy_pj.cell * 0.2 * conductance, 1e-9 * average.energy_pj.cell);
  EXPECT_DOUBLE_EQ(sparse.energy_pj.dac, average.energy_pj.dac * 0.5);
  EXPECT_EQ(sparse.energy_pj.adc, average.energy_pj.adc);
}

TEST(ActivityStatistics, ChangeAllFiguresThatFollowFromEnergyAndNoTime) {
  const RunMetrics average = simulate(priced_program(), {.batch = 2});
  const RunMetrics none = simulated(activity_of(0.0, 0.0, 0.0));
  EXPECT_EQ(none.energy_pj.cell + none.energy_pj.dac, 0.0);
  EXPECT_DOUBLE_EQ(none.energy_per_inference_pj, none.energy_pj.total / 2);
  EXPECT_DOUBLE_EQ(none.power_mw, none.energy_pj.total / none.makespan_ns);
  EXPECT_EQ(none.makespan_ns, average.makespan_ns);
}

TEST(ActivityStatisticsErrors, NameTheLayerOrNetworkThatDoesNotFit) {
  const auto error_of = [](const ActivityStatistics& activity) { return user_error([&] { return simulated(activity); }); };
  ActivityStatistics activity = activity_of(0.5, 0.5, 0.5);
  activity.network = "other";
  EXPECT_THAT(error_of(activity), HasSubstr("activity: network: other, allowed: chain"));
  activity = activity_of(0.5, 0.5, 0.5);
  activity.layers.push_back(activity.layers.front());
  EXPECT_THAT(error_of(activity), HasSubstr("layer0 is there twice"));
  activity.layers.back().name = "pool";
  EXPECT_THAT(error_of(activity), HasSubstr("pool is no operation of kind crossbar"));
  activity.layers.clear();
  EXPECT_THAT(error_of(activity), HasSubstr("layer0 is missing"));
}

TEST(ActivityStatisticsErrors, NameAFractionAboveOne) {
  EXPECT_THAT(user_error([] { return activity_from_json(activity_to_json(activity_of(1.5, 0.5, 0.5)), "activity.json"); }),
              HasSubstr("input_density_fraction: 1.5, allowed: a finite number from 0 to 1"));
}

}  // namespace
}  // namespace crossloom
