#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "simulator/metrics/verify_metrics.h"
#include "tests/simulator/metrics/example_metrics.h"

namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

template <class Edit>
std::vector<std::string> findings_after(Edit&& edit) {
  RunMetrics metrics = example_metrics();
  edit(metrics);
  return verify_metrics(metrics, example_program());
}

/// Adding one to a count must give exactly one finding that names it.
TEST(VerifyMetricsErrors, NameEveryCountThatIsOff) {
  const std::pair<std::string, std::int64_t RunMetrics::*> counts[] = {
      {"seed", &RunMetrics::seed},
      {"crossbar_budget", &RunMetrics::crossbar_budget},
      {"num_crossbars_used", &RunMetrics::num_crossbars_used},
      {"num_physical_arrays", &RunMetrics::num_physical_arrays},
      {"num_tiles_used", &RunMetrics::num_tiles_used},
      {"crossbar_lower_bound", &RunMetrics::crossbar_lower_bound},
      {"latency_cycles", &RunMetrics::latency_cycles}};
  for (const auto& count : counts) {
    EXPECT_THAT(findings_after([&](RunMetrics& metrics) { metrics.*count.second += 1; }),
                ElementsAre(StartsWith(count.first + ": ")));
  }
}

TEST(VerifyMetricsErrors, NameEveryCountOfALayerThatIsOff) {
  const std::pair<std::string, std::int64_t LayerMetrics::*> counts[] = {{"num_copies", &LayerMetrics::num_copies},
                                                                         {"num_blocks", &LayerMetrics::num_blocks},
                                                                         {"num_windows", &LayerMetrics::num_windows},
                                                                         {"num_activations", &LayerMetrics::num_activations}};
  for (const auto& count : counts) {
    EXPECT_THAT(findings_after([&](RunMetrics& metrics) { metrics.layers[1].*count.second += 1; }),
                ElementsAre(StartsWith("layers[1]." + count.first + ": ")));
  }
}

TEST(VerifyMetricsErrors, NameEventsThatDoNotFollowFromTheProgram) {
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.events.activations = 11; }),
              ElementsAre("events.activations: 11, from the program: 12"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.events.macs = 1535; }),
              ElementsAre("events.macs: 1535, from the program: 1536", StartsWith("tops: "), StartsWith("tops_per_w: ")));
}

TEST(VerifyMetricsErrors, NameLinksThatDoNotCarryTheMessages) {
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.links[0].num_messages = 5; }),
              ElementsAre("links: messages out of tiles and the IO port: 17, from the events: 18"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.links[0].num_flits = 5; }),
              ElementsAre("links: flits into routers: 17, from the events: 18"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.resources[1].kind = "NoC link"; }),
              ElementsAre("links: busy time: 36, expected 60"));
}

TEST(VerifyMetricsErrors, NameTotalsThatTheComponentsDoNotAddUpTo) {
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.energy_pj.dac = 1e-6; }),
              ElementsAre(StartsWith("energy_pj.total: 7.5, expected 7.500001")));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.programming.energy_pj.adc = 4.0; }),
              ElementsAre("programming.energy_pj.total: 256, expected 260"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.programming.num_cells = 255; }),
              ElementsAre("programming.num_cells: 255, from the program: 256"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.programming.num_weight_bits = 1; }),
              ElementsAre("programming.num_weight_bits: 1, from the program: 1024"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.area_um2.noc = 1.0; }),
              ElementsAre("area_um2.total: 3, expected 4"));
}

TEST(VerifyMetricsErrors, NameFiguresThatContradictEachOther) {
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.cell_utilization_fraction = 0.6; }),
              ElementsAre("cell_utilization_fraction: 0.6, expected 0.5"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.time_utilization_fraction = 1.1; }),
              ElementsAre("time_utilization_fraction: 1.1, allowed: 0 to 1"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.throughput_inferences_per_s = 4e7; }),
              ElementsAre(StartsWith("throughput_inferences_per_s: ")));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.energy_per_inference_pj = 7.5; }),
              ElementsAre("energy_per_inference_pj: 7.5, expected 2.5"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.interval_ns = 21.0; }),
              ElementsAre("interval_ns: 21, expected 20", StartsWith("throughput_inferences_per_s: ")));
}

TEST(VerifyMetricsErrors, NameALatencyBelowItsBounds) {
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.bounds.critical_path_ns = 100.500001; }),
              ElementsAre("latency_ns: 100.5, allowed: at least bounds.critical_path_ns = 100.500001"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.bounds.busiest_resource_ns = 140.500001; }),
              ElementsAre("makespan_ns: 140.5, allowed: at least bounds.busiest_resource_ns = 140.500001",
                          StartsWith("bounds.achieved_fraction: "), StartsWith("bounds.busiest_resource_ns: ")));
}

TEST(VerifyMetricsErrors, NameFiguresOfMeritThatDoNotFollow) {
  const std::pair<std::string, double RunMetrics::*> figures[] = {{"tops_per_w", &RunMetrics::tops_per_w},
                                                                  {"tops_per_mm2", &RunMetrics::tops_per_mm2},
                                                                  {"power_mw", &RunMetrics::power_mw}};
  for (const auto& figure : figures) {
    EXPECT_THAT(findings_after([&](RunMetrics& metrics) { metrics.*figure.second *= 1.001; }),
                ElementsAre(StartsWith(figure.first + ": ")));
  }
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.tops *= 2.0; }),
              ElementsAre(StartsWith("tops: "), StartsWith("tops_per_mm2: ")));
}

TEST(VerifyMetricsErrors, NameFillAndDrainOutsideTheRun) {
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.fill_ns = 141.0; }),
              ElementsAre("fill_ns: 141, allowed: 0 to makespan_ns = 140.5"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.drain_ns = -1.0; }),
              ElementsAre("drain_ns: -1, allowed: 0 to makespan_ns = 140.5"));
}

TEST(VerifyMetricsErrors, NameLoadsThatDoNotFitTheBatch) {
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.resources[1].busy_ns = 61.0; }),
              ElementsAre(StartsWith("resources[1].utilization_fraction: "),
                          StartsWith("resources[1].throughput_limit_inferences_per_s: ")));
}

TEST(VerifyMetricsErrors, NameTimesThatDoNotAddUp) {
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.layers[1].time_ns.fetch = 9.0; }),
              ElementsAre("layers[1].time_ns: 229, expected 228"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.resources[0].time_ns.idle = 30.0; }),
              ElementsAre("resources[0].time_ns: 280, expected 281"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.resources[0].num_instances = 3; }),
              ElementsAre(StartsWith("resources[0].mean_utilization_fraction: "), StartsWith("resources[0].time_ns: "),
                          StartsWith("resources[0].utilization_over_time_fraction: busy time of the bins: ")));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.bounds.achieved_fraction = 1.0; }),
              ElementsAre(StartsWith("bounds.achieved_fraction: 1, ")));
}

TEST(VerifyMetricsErrors, NameBinsThatDoNotHoldTheBusyTime) {
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.resources[1].utilization_over_time_fraction[0] = 0.5; }),
              ElementsAre("resources[1].utilization_over_time_fraction: busy time of the bins: 50, expected 60"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.resources[1].utilization_over_time_fraction.pop_back(); }),
              ElementsAre("resources[1].utilization_over_time_fraction: time of the bins: 100, expected 140.5"));
}

TEST(VerifyMetricsErrors, NameALayerThatTakesNoTimeOrEndsAfterTheBatch) {
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.layers[1].end_ns = metrics.layers[1].start_ns; }),
              ElementsAre(StartsWith("layers[1].end_ns: 16, "), StartsWith("layers[1].time_ns: ")));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.layers[1].end_ns = 141.0; }),
              ElementsAre(StartsWith("layers[1].end_ns: 141, "), StartsWith("layers[1].time_ns: ")));
}

TEST(VerifyMetricsErrors, NameFiguresOfAnotherProgram) {
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.network = "other"; }),
              ElementsAre("network: other, from the program: chain"));
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.layers.pop_back(); }),
              ElementsAre("layers: 2 lines, the program has 3 operations"));
}

TEST(VerifyMetricsErrors, NameTimesThatAreNotPositiveNumbers) {
  for (const double latency : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), 1e13}) {
    EXPECT_THAT(findings_after([&](RunMetrics& metrics) { metrics.latency_ns = latency; }),
                ElementsAre(StartsWith("latency_ns, interval_ns: ")));
  }
  EXPECT_THAT(findings_after([](RunMetrics& metrics) { metrics.energy_pj.total = std::numeric_limits<double>::quiet_NaN(); }),
              testing::Contains(StartsWith("energy_pj.total: nan")));
}

}  // namespace
}  // namespace crossloom
