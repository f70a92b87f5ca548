#include "simulator/metrics/verify_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/metrics/example_metrics.h"

namespace crossloom {
namespace {

using testing::IsEmpty;

TEST(VerifyMetrics, AcceptsFiguresThatFitTheProgram) {
  EXPECT_THAT(verify_metrics(example_metrics(), example_program()), IsEmpty());
}

TEST(VerifyMetrics, TakesTheLatencyOfASingleImageAsItsInterval) {
  RunMetrics metrics = example_metrics();
  metrics.batch = 1;
  metrics.makespan_ns = metrics.interval_ns = metrics.latency_ns;
  metrics.throughput_inferences_per_s = 1e9 / 100.5;
  metrics.energy_per_inference_pj = 7.5;
  metrics.events.activations = 4;
  metrics.events.macs = 512;
  metrics.tops = 1024.0 / 100.5 / 1e3;
  metrics.tops_per_w = 1024.0 / 7.5;
  metrics.tops_per_mm2 = metrics.tops / 3e-6;
  metrics.power_mw = 7.5 / 100.5;
  metrics.bounds.busiest_resource_ns = 100.5;
  metrics.bounds.achieved_fraction = 1.0;
  metrics.resources.clear();
  metrics.layers[1].end_ns = metrics.layers[2].end_ns = 100.5;
  metrics.layers[1].time_ns = {.busy = 150.0, .input_data = 19.0};  // 2 blocks x 84.5 ns
  metrics.layers[2].time_ns = {.busy = 20.5, .input_data = 20.0};
  EXPECT_THAT(verify_metrics(metrics, example_program()), IsEmpty());
}

TEST(VerifyMetrics, CountsAnActivationForEachGroupOfABlock) {
  RunMetrics metrics = example_metrics();
  PlacedProgram program = example_program();
  for (CopyRecord& copy : program.operations[1].copies) copy.blocks[0].num_activations = 5;
  metrics.layers[1].num_activations = 20;
  metrics.events.activations = 60;
  EXPECT_THAT(verify_metrics(metrics, program), IsEmpty());
}

}  // namespace
}  // namespace crossloom
