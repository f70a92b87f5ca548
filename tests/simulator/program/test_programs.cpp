#include "tests/simulator/program/test_programs.h"

#include <algorithm>

#include "simulator/hardware/chip_geometry.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

/// Appends layers to both descriptions.
class ChainBuilder {
 public:
  ChainBuilder(const ChipConfig& chip, const TestImage& image) : crossbar_cols_(num_weight_cols(chip)) {
    result_.tile_map.network = result_.program.network = "chain";
    result_.tile_map.seed = result_.program.seed = 7;
    result_.tile_map.crossbar_budget = result_.program.crossbar_budget = num_crossbars(chip);
    result_.tile_map.chip = result_.program.chip = chip;
    Operation input{.name = "input", .kind = OperationKind::kInput};
    input.output_channels = image.channels;
    input.output_height = image.height;
    input.output_width = image.width;
    input.copies = {{.num_windows = input.num_windows()}};
    result_.program.operations.push_back(input);
  }

  void append(const TestLayer& layer) {
    const std::int64_t producer = static_cast<std::int64_t>(result_.program.operations.size()) - 1;
    const Operation before = result_.program.operations.back();
    Operation operation{.name = "layer" + std::to_string(producer), .kind = layer.kind};
    operation.has_signed_inputs = layer.has_signed_inputs;
    const std::int64_t kernel = layer.kind == OperationKind::kVector ? 1 : layer.kernel;
    operation.inputs = {{.operation = producer,
                         .row_step = layer.stride,
                         .row_offset = -layer.padding,
                         .num_rows = kernel,
                         .col_step = layer.stride,
                         .col_offset = -layer.padding,
                         .num_cols = kernel}};
    operation.output_channels = layer.kind == OperationKind::kCrossbar ? layer.output_channels : before.output_channels;
    operation.output_height = (before.output_height + 2 * layer.padding - kernel) / layer.stride + 1;
    operation.output_width = (before.output_width + 2 * layer.padding - kernel) / layer.stride + 1;
    for (std::int64_t copy = 0; copy < layer.num_copies; ++copy) {
      operation.copies.push_back({.first_window = copy,
                                  .window_step = layer.num_copies,
                                  .num_windows = ceil_div(operation.num_windows() - copy, layer.num_copies)});
    }
    if (layer.kind == OperationKind::kCrossbar) {
      map_matrix(layer, before.output_channels, operation);
    } else {
      operation.num_input_values = before.output_channels * kernel * kernel;
      operation.num_unit_operations = operation.num_input_values;
    }
    result_.program.operations.push_back(operation);
  }

  [[nodiscard]] TestProgram finish() {
    const auto producer = static_cast<std::int64_t>(result_.program.operations.size()) - 1;
    Operation output = result_.program.operations.back();
    output.name = "output";
    output.kind = OperationKind::kOutput;
    output.inputs = {{.operation = producer}};
    output.num_input_values = output.num_unit_operations = output.num_macs = 0;
    output.has_signed_inputs = false;
    output.copies = {{.num_windows = output.num_windows()}};
    result_.program.operations.push_back(output);
    const std::int64_t crossbar_weights = result_.program.chip.crossbar.rows * crossbar_cols_;
    result_.tile_map.crossbar_lower_bound = result_.program.crossbar_lower_bound = ceil_div(num_weights_, crossbar_weights);
    return result_;
  }

 private:
  void map_matrix(const TestLayer& layer, std::int64_t input_channels, Operation& operation) {
    const WeightMatrix matrix{.layer = operation.name,
                              .mapping = layer.num_groups == 1 ? MappingKind::kIm2col : MappingKind::kGroupedColumns,
                              .num_input_channels = input_channels,
                              .num_output_channels = layer.output_channels,
                              .kernel_height = layer.kernel,
                              .kernel_width = layer.kernel,
                              .num_groups = layer.num_groups,
                              .rows = input_channels / layer.num_groups * layer.kernel * layer.kernel,
                              .cols = layer.output_channels};
    operation.num_macs = matrix.rows * matrix.cols;
    operation.num_unit_operations = matrix.cols * ceil_div(matrix.rows, result_.program.chip.crossbar.rows);
    for (std::int64_t copy = 0; copy < layer.num_copies; ++copy) {
      map_copy(matrix, copy, operation.copies[static_cast<std::size_t>(copy)]);
    }
    result_.tile_map.matrices.push_back(matrix);
    result_.tile_map.num_copies.push_back(layer.num_copies);
    num_weights_ += layer.num_copies * matrix.rows * matrix.cols;
  }

  void map_copy(const WeightMatrix& matrix, std::int64_t copy, CopyRecord& record) {
    const std::int64_t crossbar_rows = result_.program.chip.crossbar.rows;
    for (std::int64_t row0 = 0; row0 < matrix.rows; row0 += crossbar_rows) {
      for (std::int64_t col0 = 0; col0 < matrix.cols; col0 += crossbar_cols_) {
        const auto crossbar = static_cast<std::int64_t>(result_.tile_map.crossbars.size());
        const std::int64_t tile = tile_of_crossbar(result_.program.chip, crossbar);
        const std::int64_t rows = std::min(crossbar_rows, matrix.rows - row0);
        const std::int64_t cols = std::min(crossbar_cols_, matrix.cols - col0);
        const PlacedBlock block{.matrix = static_cast<std::int64_t>(result_.tile_map.matrices.size()),
                                .copy = copy,
                                .matrix_row0 = row0,
                                .matrix_col0 = col0,
                                .rows = rows,
                                .cols = cols};
        result_.tile_map.crossbars.push_back({.crossbar = crossbar, .tile = tile, .blocks = {block}});
        if (record.blocks.empty()) record.home_tile = tile;
        record.blocks.push_back({.crossbar = crossbar,
                                 .rows = rows,
                                 .cols = cols,
                                 .first_output = col0,
                                 .num_activations = matrix.num_groups,
                                 .input_part = row0 / crossbar_rows,
                                 .num_input_values = rows * matrix.num_groups});
      }
    }
  }

  std::int64_t crossbar_cols_;
  std::int64_t num_weights_ = 0;
  TestProgram result_;
};

}  // namespace

ChipConfig test_chip() {
  const ComponentCost cost{.energy_pj = 1.0, .active_power_mw = 1.0, .static_power_mw = 0.0, .area_um2 = 1.0};
  ChipConfig chip{.name = "test", .source = "made up for tests", .differs_from_source = "nothing"};
  chip.clock = {.digital_hz = 1'000'000'000};
  chip.arithmetic = {
      .weight_bits = 4, .activation_bits = 4, .accumulator_bits = 16, .input_encoding = InputEncoding::kTwosComplement};
  chip.cell = {.bits_per_cell = 4,
               .g_min_siemens = 1e-6,
               .g_max_siemens = 1e-4,
               .read_voltage_volt = 0.2,
               .read_energy_pj = 1.0,
               .write_voltage_volt = 2.0,
               .write_pulse_ns = 100.0,
               .write_pulses = 10,
               .write_energy_pj = 1.0,
               .area_um2 = 1.0};
  chip.crossbar = {.rows = 16,
                   .cols = 16,
                   .active_rows = 16,
                   .polarity = Polarity::kOffset,
                   .slice_placement = SlicePlacement::kColumns,
                   .phase_overlap = PhaseOverlap::kSerial,
                   .row_select_ns = 1.0,
                   .read_ns = 1.0,
                   .column_select_ns = 1.0,
                   .periphery_area_um2 = 1.0,
                   .periphery_static_power_mw = 0.0,
                   .array_active_power_mw = 1.0};
  chip.dac = {.bits = 1, .settle_ns = 1.0, .cost = cost};
  chip.adc = {.bits = 8, .samples_per_s = 1'000'000'000, .columns_per_adc = 16, .cost = cost};
  chip.sample_hold = {.cost = cost};
  chip.shift_add = {.cycles_per_phase = 1, .cost = cost};
  chip.input_register = {.cycles_per_activation = 1, .cycles_per_phase = 1, .num_buffers = 1, .cost = cost};
  chip.output_register = {.cycles_per_activation = 1, .cycles_per_phase = 0, .num_buffers = 1, .cost = cost};
  chip.tile = {.num_crossbars = 4,
               .buffer = {.capacity_bytes = 65536, .port_bits = 32, .access_cycles = 1, .cost = cost},
               .bus = {.width_bits = 32, .cost = cost},
               .vector_unit = {.lanes = 16, .latency_cycles = 1, .cost = cost},
               .pooling_unit = {.lanes = 16, .latency_cycles = 1, .cost = cost}};
  chip.noc = {.mesh_rows = 2,
              .mesh_cols = 2,
              .tiles_per_router = 1,
              .flit_bits = 32,
              .clock_hz = 1'000'000'000,
              .router_cycles = 1,
              .cost = cost};
  chip.io = {.bits_per_s = 8'000'000'000, .cost = cost};
  return chip;
}

TestProgram chain_program(const ChipConfig& chip, const TestImage& image, const std::vector<TestLayer>& layers) {
  ChainBuilder builder(chip, image);
  for (const TestLayer& layer : layers) builder.append(layer);
  return builder.finish();
}

TestProgram single_crossbar_program(const ChipConfig& chip, const TestImage& image, std::int64_t output_channels) {
  return chain_program(chip, image, {{.output_channels = output_channels}});
}

}  // namespace crossloom
