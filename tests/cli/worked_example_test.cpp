#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <variant>

#include "compiler/compile.h"
#include "compiler/import/network_yaml.h"
#include "simulator/hardware/activation_timing.h"
#include "simulator/simulate.h"
#include "tests/cli/example_files.h"
#include "tests/simulator/hardware/round_chip.h"

/// The worked example of docs/model.md.
namespace crossloom {
namespace {

using testing::HasSubstr;

ChipConfig example_chip() {
  ChipConfig chip = round_chip();
  chip.cell.read_energy_pj = 1.0;
  for (ComponentCost* cost :
       {&chip.dac.cost, &chip.adc.cost, &chip.sample_hold.cost, &chip.shift_add.cost, &chip.input_register.cost,
        &chip.output_register.cost, &chip.tile.buffer.cost, &chip.tile.bus.cost, &chip.tile.vector_unit.cost,
        &chip.tile.pooling_unit.cost, &chip.noc.cost, &chip.io.cost}) {
    cost->energy_pj = 1.0;
  }
  chip.tile.buffer.cost.static_power_mw = 1.0;
  chip.tile.buffer.cost.area_um2 = 1000.0;
  return chip;
}

RunMetrics example_metrics() {
  const Network network = parse_network_yaml(
                              "name: window\n"
                              "source: docs/model.md\n"
                              "input: {shape: [1, 3, 3], signed: true}\n"
                              "layers:\n"
                              "  - {name: window, type: convolution, channels: 4, kernel: 3, bias: false, activation: relu}\n",
                              "window.yaml")
                              .network;
  return simulate(std::get<CompiledNetwork>(compile(network, example_chip(), {})).program);
}

/// What the page says of a number, word for word.
void expect_page_says(const std::string& text) {
  EXPECT_THAT(text_of(std::string(CROSSLOOM_SOURCE_FOLDER) + "/docs/model.md"), HasSubstr(text));
}

TEST(WorkedExample, ActivationTakes163Nanoseconds) {
  const ActivationTiming timing = activation_timing(example_chip(), {.rows = 9, .cols = 4, .has_signed_inputs = true});
  EXPECT_EQ(timing.num_phases, 8);
  EXPECT_EQ(timing.drive_fs, 12 * kFsPerNs);
  EXPECT_EQ(timing.convert_fs, 13 * kFsPerNs / 2);
  EXPECT_EQ(timing.latency_fs, 163 * kFsPerNs);
  expect_page_says("activation = 3 + 8 (12 + 6.5 + 1) + 4 = 163 ns");
}

TEST(WorkedExample, LatencyIs286NanosecondsAndTheCriticalPath) {
  const RunMetrics metrics = example_metrics();
  EXPECT_EQ(metrics.latency_ns, 286.0);
  EXPECT_EQ(metrics.latency_cycles, 286);
  EXPECT_EQ(metrics.bounds.critical_path_ns, 286.0);
  expect_page_says("`latency_ns` = 286, which is also the critical path");
}

TEST(WorkedExample, EventsAreThoseOfThePage) {
  const EventCounts expected{.windows = example_metrics().events.windows,
                             .activations = 1,
                             .macs = 36,
                             .row_drives = 72,
                             .cell_reads = 576,
                             .column_samples = 64,
                             .conversions = 64,
                             .shift_adds = 64,
                             .input_register_bytes = 9,
                             .output_register_bytes = 8,
                             .buffer_accesses = 3,
                             .bus_bits = 168,
                             .vector_operations = 8,
                             .pooling_operations = 0,
                             .noc_messages = 4,
                             .noc_flit_hops = 4,
                             .io_bits = 104};
  EXPECT_EQ(example_metrics().events, expected);
}

TEST(WorkedExample, EnergyAndAreaAreThoseOfThePage) {
  const RunMetrics metrics = example_metrics();
  EXPECT_EQ(metrics.energy_pj.static_power, 12.0 * 286.0);
  EXPECT_EQ(metrics.energy_pj.total, 1144.0 + 3432.0);
  EXPECT_EQ(metrics.area_um2.total, 12000.0);
  expect_page_says("= 1144 pJ");
  expect_page_says("`energy_pj.total` = 4576");
  expect_page_says("`area_um2.total` = 12000");
}

}  // namespace
}  // namespace crossloom
