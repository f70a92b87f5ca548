#include <gtest/gtest.h>

#include <string>

#include "simulator/metrics/metrics_fields.h"
#include "simulator/program/verify_program.h"
#include "simulator/simulate.h"
#include "support/random_stream.h"
#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

/// A random chip: every knob that changes timing.
ChipConfig random_chip(RandomStream& random) {
  const auto pick = [&](std::int64_t min, std::int64_t max) {
    return min + static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(max - min + 1)));
  };
  ChipConfig chip = test_chip();
  chip.crossbar.phase_overlap = pick(0, 1) == 0 ? PhaseOverlap::kSerial : PhaseOverlap::kPipelined;
  chip.crossbar.active_rows = pick(1, 16);
  chip.adc.columns_per_adc = pick(1, 16);
  chip.dac.bits = pick(1, 4);
  chip.input_register.num_buffers = pick(1, 2);
  chip.tile.bus.width_bits = pick(8, 128);
  chip.tile.buffer.port_bits = pick(8, 128);
  chip.tile.vector_unit.lanes = pick(1, 16);
  chip.noc.flit_bits = pick(8, 64);
  chip.noc.tiles_per_router = pick(1, 2);
  chip.noc.mesh_rows = pick(2, 5);
  chip.noc.mesh_cols = pick(4, 5);
  return chip;
}

/// A chain of up to four layers that fits the chip.
TestProgram random_program(RandomStream& random) {
  const auto pick = [&](std::int64_t min, std::int64_t max) {
    return min + static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(max - min + 1)));
  };
  const ChipConfig chip = random_chip(random);
  std::vector<TestLayer> layers;
  std::int64_t size = pick(3, 9);
  const TestImage image{.channels = pick(1, 4), .height = size, .width = size};
  const std::int64_t num_layers = pick(1, 4);
  for (std::int64_t i = 0; i < num_layers; ++i) {
    const std::int64_t kernel = size >= 3 && pick(0, 1) == 1 ? 3 : 1;
    const std::int64_t stride = size >= 4 ? pick(1, 2) : 1;
    const std::int64_t padding = kernel == 3 ? pick(0, 1) : 0;
    constexpr OperationKind kKinds[] = {OperationKind::kCrossbar, OperationKind::kCrossbar, OperationKind::kPooling,
                                        OperationKind::kVector};
    const OperationKind kind = kKinds[pick(0, 3)];
    if (kind == OperationKind::kVector) {
      layers.push_back({.kind = kind});
      continue;
    }
    size = (size + 2 * padding - kernel) / stride + 1;
    layers.push_back({.kind = kind,
                      .output_channels = pick(1, 12),
                      .kernel = kernel,
                      .stride = stride,
                      .padding = padding,
                      .num_copies = std::min(pick(1, 3), size * size)});
  }
  return chain_program(chip, image, layers);
}

TEST(Invariants, HoldOnRandomProgramsAndChips) {
  RandomStream random(11, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 300; ++trial) {
    const TestProgram test = random_program(random);
    ASSERT_EQ(verify_program(test.program), std::vector<std::string>{}) << "trial " << trial;
    const std::int64_t batch = 1 + trial % 3;
    const RunMetrics metrics = simulate(test.program, {.batch = batch});
    std::int64_t windows = 0;
    std::int64_t activations = 0;
    std::int64_t macs = 0;
    for (const Operation& operation : test.program.operations) {
      windows += operation.output_height * operation.output_width;
      macs += operation.output_height * operation.output_width * operation.num_macs;
      for (const CopyRecord& copy : operation.copies) {
        activations += copy.num_windows * static_cast<std::int64_t>(copy.blocks.size());
      }
    }
    EXPECT_EQ(metrics.events.windows, batch * windows) << "trial " << trial;
    EXPECT_EQ(metrics.events.activations, batch * activations) << "trial " << trial;
    EXPECT_EQ(metrics.events.macs, batch * macs) << "trial " << trial;
    EXPECT_GE(metrics.latency_ns, metrics.bounds.critical_path_ns) << "trial " << trial;
    EXPECT_GE(metrics.makespan_ns, metrics.bounds.busiest_resource_ns) << "trial " << trial;
    double sum = 0.0;
    visit_fields(metrics.energy_pj, [&](const Field& field, const double& value) {
      EXPECT_GE(value, 0.0);
      if (field.name != "total") sum += value;
    });
    EXPECT_EQ(metrics.energy_pj.total, sum) << "trial " << trial;
    EXPECT_GT(metrics.latency_ns, 0.0);
  }
}

TEST(Invariants, TheSameProgramGivesTheSameMetrics) {
  RandomStream random(12, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 20; ++trial) {
    const TestProgram test = random_program(random);
    EXPECT_EQ(simulate(test.program, {.batch = 2}), simulate(test.program, {.batch = 2}));
  }
}

TEST(Invariants, NoOperationTakesNoTime) {
  RandomStream random(13, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 100; ++trial) {
    for (const LayerMetrics& layer : simulate(random_program(random).program).layers) {
      EXPECT_GT(layer.end_ns, layer.start_ns) << "trial " << trial << " " << layer.name;
    }
  }
}

}  // namespace
}  // namespace crossloom
