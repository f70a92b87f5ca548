#include "compiler/duplication/copy_cost.h"

#include <gtest/gtest.h>

namespace crossloom {
namespace {

LayerWork work(std::int64_t num_windows, TimeFs window_fs, std::int64_t num_weights = 1) {
  return {.num_windows = num_windows, .window_fs = window_fs, .num_weights = num_weights, .num_blocks = 1};
}

constexpr TimeFs kNs = 1'000'000;

/// Layer 1 begins after a quarter of layer 0, layer 2 after all of layer 0 and half of layer 1.
DuplicationProblem three_layers(std::vector<ObjectiveTerm> objective) {
  return {.layers = {work(8, kNs), work(6, kNs), work(2, kNs)},
          .crossbar_weights = 10,
          .num_crossbars = 5,
          .objective = std::move(objective),
          .head_starts = {{}, {{0, 0.25}}, {{0, 1.0}, {1, 0.5}}},
          .static_power_mw = 3.0};
}

TEST(NextShorter, IsTheFewestCopiesWithFewerRounds) {
  // Rounds of 10 windows: 10 5 4 3 2 2 2 2 2 1.
  EXPECT_EQ(next_shorter(work(10, 1), 1), 2);
  EXPECT_EQ(next_shorter(work(10, 1), 4), 5);
  EXPECT_EQ(next_shorter(work(10, 1), 5), 10);
  EXPECT_EQ(next_shorter(work(10, 1), 7), 10);
}

TEST(CopyCost, OfThroughputIsTheLongestIntervalAndTheFloor) {
  DuplicationProblem problem = three_layers({{.kind = ObjectiveKind::kThroughput}});
  EXPECT_DOUBLE_EQ(CopyCost(problem).value(std::vector<std::int64_t>{2, 1, 1}, 5), 6.0);
  problem.floor_interval_fs = 7 * kNs;
  EXPECT_DOUBLE_EQ(CopyCost(problem).value(std::vector<std::int64_t>{2, 1, 1}, 5), 7.0);
}

TEST(CopyCost, OfLatencyIsTheLatestEndOfOverlappingLayers) {
  const DuplicationProblem problem = three_layers({{.kind = ObjectiveKind::kLatency}});
  // Layer 0 ends at 8, layer 1 begins at 2 and ends at 8, layer 2 begins at max(8, 2 + 3) and ends at 10.
  EXPECT_DOUBLE_EQ(CopyCost(problem).value(std::vector<std::int64_t>{1, 1, 1}, 5), 10.0);
  // Layer 0 ends at 2, layer 1 runs from 0.5 to 6.5, layer 2 from 3.5 to 5.5.
  EXPECT_DOUBLE_EQ(CopyCost(problem).value(std::vector<std::int64_t>{4, 1, 1}, 5), 6.5);
}

TEST(CopyCost, OfEnergyIsStaticPowerOverTheLatency) {
  const DuplicationProblem problem = three_layers({{.kind = ObjectiveKind::kEnergy}});
  EXPECT_DOUBLE_EQ(CopyCost(problem).value(std::vector<std::int64_t>{1, 1, 1}, 5), 30.0);
}

TEST(CopyCost, OfASumIsRelativeToSingleCopies) {
  const DuplicationProblem problem =
      three_layers({{.kind = ObjectiveKind::kLatency, .weight = 0.75}, {.kind = ObjectiveKind::kCrossbars, .weight = 0.25}});
  EXPECT_DOUBLE_EQ(CopyCost(problem).value(std::vector<std::int64_t>{1, 1, 1}, 1), 1.0);
  EXPECT_DOUBLE_EQ(CopyCost(problem).value(std::vector<std::int64_t>{4, 1, 1}, 2), 0.75 * 0.65 + 0.25 * 2.0);
}

TEST(CopyCost, RatesAreThoseOfTheCriticalPath) {
  const DuplicationProblem problem = three_layers({{.kind = ObjectiveKind::kLatency}});
  const std::vector<double> single = CopyCost(problem).rates(std::vector<std::int64_t>{1, 1, 1});
  EXPECT_EQ(single, (std::vector<double>{1e-6, 0.0, 1e-6}));
  const std::vector<double> later = CopyCost(problem).rates(std::vector<std::int64_t>{4, 1, 1});
  EXPECT_EQ(later, (std::vector<double>{0.25e-6, 1e-6, 0.0}));
}

}  // namespace
}  // namespace crossloom
