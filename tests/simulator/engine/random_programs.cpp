#include "tests/simulator/engine/random_programs.h"

#include <algorithm>
#include <map>
#include <vector>

namespace crossloom {
namespace {

/// Uniform in [min, max].
std::int64_t pick(RandomStream& random, std::int64_t min, std::int64_t max) {
  return min + static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(max - min + 1)));
}

}  // namespace

ChipConfig random_chip(RandomStream& random) {
  ChipConfig chip = test_chip();
  chip.crossbar.phase_overlap = pick(random, 0, 1) == 0 ? PhaseOverlap::kSerial : PhaseOverlap::kPipelined;
  chip.crossbar.active_rows = pick(random, 1, 16);
  chip.adc.columns_per_adc = pick(random, 1, 16);
  chip.dac.bits = pick(random, 1, 4);
  chip.input_register.num_buffers = pick(random, 1, 2);
  chip.tile.bus.width_bits = pick(random, 8, 128);
  chip.tile.buffer.port_bits = pick(random, 8, 128);
  chip.tile.vector_unit.lanes = pick(random, 1, 16);
  chip.tile.vector_unit.latency_cycles = pick(random, 0, 3);
  chip.tile.num_crossbars = pick(random, 2, 6);
  chip.arithmetic.activation_bits = pick(random, 1, 8);
  chip.arithmetic.input_encoding =
      pick(random, 0, 1) == 0 ? InputEncoding::kTwosComplement : InputEncoding::kSignMagnitudeTwoPass;
  chip.adc.samples_per_s = pick(random, 300'000'000, 3'000'000'000);
  chip.noc.router_cycles = pick(random, 1, 4);
  chip.noc.clock_hz = pick(random, 300'000'000, 3'000'000'000);
  chip.noc.flit_bits = pick(random, 8, 64);
  chip.noc.tiles_per_router = pick(random, 1, 2);
  chip.noc.mesh_rows = pick(random, 3, 5);
  chip.noc.mesh_cols = pick(random, 4, 5);
  return chip;
}

namespace {

/// Channels that a layer after `layers` sees.
std::int64_t channels_before(const TestImage& image, const std::vector<TestLayer>& layers) {
  std::int64_t channels = image.channels;
  for (const TestLayer& layer : layers) {
    if (layer.kind == OperationKind::kCrossbar) channels = layer.output_channels;
  }
  return channels;
}

/// Gives about half of the element-wise layers a second input of the same shape.
void add_residuals(PlacedProgram& program, RandomStream& random) {
  for (std::size_t i = 2; i < program.operations.size(); ++i) {
    Operation& operation = program.operations[i];
    if (operation.kind != OperationKind::kVector || pick(random, 0, 1) == 0) continue;
    for (std::size_t earlier = 1; earlier + 1 < i; ++earlier) {
      const Operation& other = program.operations[earlier];
      if (other.output_channels != operation.output_channels || other.output_height != operation.output_height ||
          other.output_width != operation.output_width) {
        continue;
      }
      operation.inputs.push_back({.operation = static_cast<std::int64_t>(earlier)});
      operation.num_input_values *= 2;
      break;
    }
  }
}

/// Moves about half of the blocks below and to the right of the blocks of an earlier crossbar, where there is room.
void share_crossbars(PlacedProgram& program, RandomStream& random) {
  struct Corner {
    std::int64_t row = 0;
    std::int64_t col = 0;
  };
  std::map<std::int64_t, Corner> corners;
  for (Operation& operation : program.operations) {
    for (CopyRecord& copy : operation.copies) {
      for (BlockRecord& block : copy.blocks) {
        for (auto& [crossbar, corner] : corners) {
          if (pick(random, 0, 1) == 0) continue;
          if (corner.row + block.rows > program.chip.crossbar.rows || corner.col + block.cols > program.chip.crossbar.cols) {
            continue;
          }
          block.crossbar = crossbar;
          block.row0 = corner.row;
          block.col0 = corner.col;
          break;
        }
        corners[block.crossbar] = {.row = block.row0 + block.rows, .col = block.col0 + block.cols};
      }
    }
  }
}

}  // namespace

void add_random_parts(ChipConfig& chip, RandomStream& random) {
  if (pick(random, 0, 1) == 0) chip.tile.accumulation = Accumulation::kTree;
  chip.tile.buffer.num_ports = std::max<std::int64_t>(1, pick(random, -2, 3));
  chip.tile.buffer.num_banks = pick(random, 1, 4);
  chip.tile.buffer.bank_cycles = std::max<std::int64_t>(1, pick(random, -3, 4));
  if (pick(random, 0, 1) == 0) {
    chip.global_buffer = BufferConfig{.capacity_bytes = pick(random, 36, 200),
                                      .num_ports = pick(random, 1, 3),
                                      .port_bits = pick(random, 8, 64),
                                      .num_banks = pick(random, 1, 4),
                                      .bank_cycles = pick(random, 1, 3),
                                      .access_cycles = pick(random, 1, 20),
                                      .cost = {}};
  }
  if (pick(random, 0, 1) == 0) {
    chip.dram = DramConfig{.bits_per_s = pick(random, 500'000'000, 20'000'000'000),
                           .latency_ns = static_cast<double>(pick(random, 0, 100)),
                           .burst_bits = pick(random, 1, 128),
                           .cost = {}};
  }
}

TestProgram random_program(RandomStream& random) {
  const ChipConfig chip = random_chip(random);
  std::vector<TestLayer> layers;
  std::int64_t size = pick(random, 3, 9);
  const TestImage image{.channels = pick(random, 1, 4), .height = size, .width = size};
  const std::int64_t num_layers = pick(random, 1, 4);
  for (std::int64_t i = 0; i < num_layers; ++i) {
    const std::int64_t kernel = size >= 3 && pick(random, 0, 1) == 1 ? 3 : 1;
    const std::int64_t stride = size >= 4 ? pick(random, 1, 2) : 1;
    const std::int64_t padding = kernel == 3 ? pick(random, 0, 1) : 0;
    constexpr OperationKind kKinds[] = {OperationKind::kCrossbar, OperationKind::kCrossbar, OperationKind::kPooling,
                                        OperationKind::kVector};
    const OperationKind kind = kKinds[pick(random, 0, 3)];
    if (kind == OperationKind::kVector) {
      layers.push_back({.kind = kind});
      continue;
    }
    // Kernel 1 and a single input channel a group keep a grouped layer inside one crossbar.
    if (kind == OperationKind::kCrossbar && pick(random, 0, 3) == 0) {
      const std::int64_t channels = channels_before(image, layers);
      layers.push_back({.kind = kind,
                        .output_channels = channels * pick(random, 1, 16 / channels),
                        .num_groups = channels,
                        .num_copies = std::min(pick(random, 1, 2), size * size),
                        .has_signed_inputs = pick(random, 0, 1) == 1});
      continue;
    }
    size = (size + 2 * padding - kernel) / stride + 1;
    layers.push_back({.kind = kind,
                      .output_channels = pick(random, 1, 12),
                      .kernel = kernel,
                      .stride = stride,
                      .padding = padding,
                      .num_copies = std::min(pick(random, 1, 3), size * size),
                      .has_signed_inputs = kind == OperationKind::kCrossbar && pick(random, 0, 1) == 1});
  }
  TestProgram test = chain_program(chip, image, layers);
  add_residuals(test.program, random);
  share_crossbars(test.program, random);
  return test;
}

}  // namespace crossloom
