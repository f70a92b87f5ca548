#include "report/run_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::Not;

RunMetrics example_metrics() {
  RunMetrics metrics;
  metrics.network = "net";
  metrics.chip = "chip";
  metrics.crossbar_budget = 30;
  metrics.num_crossbars_used = 20;
  metrics.crossbar_lower_bound = 10;
  metrics.latency_ns = 2000.0;
  metrics.latency_cycles = 1000;
  metrics.makespan_ns = 2000.0;
  metrics.interval_ns = 2000.0;
  metrics.throughput_inferences_per_s = 500000.0;
  metrics.energy_pj.adc = 750.0;
  metrics.energy_pj.dac = 250.0;
  metrics.energy_pj.total = 1000.0;
  metrics.energy_per_inference_pj = 1000.0;
  metrics.area_um2.cell = 3e6;
  metrics.area_um2.total = 3e6;
  metrics.stalls_ns.noc = 5.0;
  metrics.bottleneck = "IO port (input)";
  for (int i = 0; i < 8; ++i) {
    metrics.layers.push_back({.name = "layer" + std::to_string(i), .num_blocks = 2, .crossbar_busy_ns = 100.0 * i});
  }
  return metrics;
}

TEST(RunText, NamesTheFieldBesideEachHeadline) {
  const std::string text = run_text(example_metrics(), Detail::kShort);
  EXPECT_THAT(text, HasSubstr("net on chip, batch 1\n"));
  EXPECT_THAT(text, HasSubstr("2.000 us    latency_ns (1,000 clocks)\n"));
  EXPECT_THAT(text, HasSubstr("num_crossbars_used (lower bound 10, budget 30)\n"));
  EXPECT_THAT(text, HasSubstr("bottleneck: IO port (input)\n"));
}

TEST(RunText, GivesSharesOfTheEnergyLargestFirst) {
  EXPECT_THAT(run_text(example_metrics(), Detail::kShort), HasSubstr("  adc               750.0 pJ  0.750\n"
                                                                     "  dac               250.0 pJ  0.250\n"));
}

TEST(RunText, ListsTheLayersThatKeepTheirCrossbarsLongest) {
  const std::string text = run_text(example_metrics(), Detail::kShort);
  EXPECT_LT(text.find("layer7"), text.find("layer6"));
  EXPECT_THAT(text, HasSubstr("layer3"));
  EXPECT_THAT(text, Not(HasSubstr("layer2")));
}

TEST(RunText, ShowsEverythingWhenDetailed) {
  const std::string text = run_text(example_metrics(), Detail::kFull);
  for (const char* part : {"layer0", "stalls_ns", "noc_flit_hops", "critical path", "area_um2", "resources, the busiest"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST(RunText, ShowsTheWholeBatchOnlyForMoreThanOneImage) {
  RunMetrics metrics = example_metrics();
  EXPECT_THAT(run_text(metrics, Detail::kShort), Not(HasSubstr("makespan_ns")));
  metrics.batch = 2;
  EXPECT_THAT(run_text(metrics, Detail::kShort), HasSubstr("makespan_ns"));
}

}  // namespace
}  // namespace crossloom
