#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <variant>

#include "accuracy/cell_levels.h"
#include "accuracy/crossbar_layer.h"
#include "compiler/compile.h"
#include "simulator/analog/nodal_network.h"
#include "simulator/hardware/chip_geometry.h"
#include "simulator/hardware/chip_yaml.h"
#include "support/error.h"
#include "tests/accuracy/example_networks.h"

namespace crossloom {
namespace {

constexpr std::int64_t kRows = 20;
constexpr std::int64_t kWeightCols = 9;
constexpr std::size_t kConvolution = 1;
constexpr std::size_t kClassifier = 2;

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// A convolution of 4 x 3 weights and a classifier of 12 x 4 in one crossbar, with no row and no column in common, and cells of
/// neither around them.
struct SharedCrossbar {
  Network network;
  QuantizedNetwork quantized;
  TileMap tile_map;
  std::vector<MappedLayer> mapped;
  LayerInputs inputs;

  [[nodiscard]] const ChipConfig& chip() const { return tile_map.chip; }
  [[nodiscard]] CrossbarLayer layer(std::int64_t matrix, const AnalogSettings& settings, std::uint64_t trial = 0) const {
    const ProgrammingDraws draws{.seed = 5, .trial = trial};
    const auto cells = program_chip(quantized, mapped, tile_map, settings, draws, 1);
    return {quantized, mapped[at(matrix)], chip(), settings, draws, cells[at(matrix)]};
  }
};

SharedCrossbar shared_crossbar(const std::vector<std::string>& extra) {
  std::vector<std::string> overrides = {
      "crossbar.rows=20",           "crossbar.active_rows=20",      "arithmetic.weight_bits=3",
      "cell.bits_per_cell=2",       "arithmetic.activation_bits=3", "cell.g_min_siemens=1e-5",
      "noise.read_sigma_fraction=0"};
  overrides.insert(overrides.end(), extra.begin(), extra.end());
  SharedCrossbar result;
  Network network{.name = "shared", .source = "test", .input_shape = {1, 3, 3}, .layers = {}};
  network.layers = {
      Layer{.name = "image", .kind = LayerKind::kInput},
      Layer{.name = "convolution",
            .kind = LayerKind::kConvolution,
            .inputs = {0},
            .window = {.kernel_height = 2, .kernel_width = 2},
            .num_output_channels = 3,
            .has_bias = true,
            .activation = Activation::kRelu},
      Layer{.name = "classifier", .kind = LayerKind::kLinear, .inputs = {1}, .num_output_channels = 4, .has_bias = true}};
  result.network = infer_shapes(network);
  WeightStore store;
  set_weights(store, result.network.layers[kConvolution], 1, random_values(12, 1), random_values(3, 2));
  set_weights(store, result.network.layers[kClassifier], 12, random_values(48, 3), random_values(4, 4));
  const std::vector<FoldedWeights> weights = load_weights(result.network, store);
  OutputRanges ranges(result.network);
  const Tensor image(result.network.input_shape, random_values(9, 5));
  ranges.include(result.network, weights, image);
  const ChipConfig chip = with_overrides(load_chip("rnc-mnsim-128"), overrides);
  result.quantized = quantize(result.network, weights, ranges, {.weight_bits = 3, .activation_bits = 3});
  CompileOptions options;
  options.duplicate = false;
  result.tile_map = std::get<CompiledNetwork>(compile(result.network, chip, options)).tile_map;
  CrossbarContents together = result.tile_map.crossbars.front();
  together.blocks = {{.matrix = 0, .copy = 0, .matrix_row0 = 0, .matrix_col0 = 0, .rows = 4, .cols = 3, .row0 = 1, .col0 = 1},
                     {.matrix = 1, .copy = 0, .matrix_row0 = 0, .matrix_col0 = 0, .rows = 12, .cols = 4, .row0 = 6, .col0 = 4}};
  result.tile_map.crossbars = {together};
  result.mapped = map_layers(result.network, result.tile_map);
  result.inputs.resize(3);
  static_cast<void>(execute_quantized(result.quantized, image, [&](std::size_t layer, const std::vector<std::int32_t>& codes) {
    result.inputs[layer] = codes;
    return accumulate_exactly(result.quantized, layer, codes);
  }));
  return result;
}

/// The code of the input that drives a row of the crossbar in the first window of its block; 0 for a row of no block.
std::int32_t row_code(const SharedCrossbar& shared, std::int64_t row) {
  if (row >= 1 && row < 5) {  // a 2 x 2 window of a 3 x 3 image
    const std::int64_t index = row - 1;
    return shared.inputs[kConvolution][at(index / 2 * 3 + index % 2)];
  }
  return row >= 6 && row < 18 ? shared.inputs[kClassifier][at(row - 6)] : 0;
}

/// Conductance of a physical cell in units of g_max, by loops over the blocks.
double conductance(const SharedCrossbar& shared, std::int64_t slice, bool is_negative, std::int64_t row, std::int64_t col) {
  for (const PlacedBlock& block : shared.tile_map.crossbars.front().blocks) {
    if (row < block.row0 || row >= block.row0 + block.rows || col < block.col0 || col >= block.col0 + block.cols) continue;
    const std::vector<std::int32_t>& codes = shared.quantized.weights[at(block.matrix) + 1].codes;
    const std::int32_t code = codes[at((col - block.col0) * block.rows + row - block.row0)];
    const auto level = static_cast<double>(cell_level(code, slice, is_negative, shared.chip()));
    return 0.1 + 0.9 * level / 3.0;
  }
  return 0.1;
}

/// Sums of the classifier (matrix 1), by a nodal solution of every whole array in every phase, of rows 6 to 17 alone or of all.
std::vector<double> nodal_sums(const SharedCrossbar& shared, const ArrayWires& wires, bool drives_all) {
  const ChipConfig& chip = shared.chip();
  const bool is_offset = chip.crossbar.polarity == Polarity::kOffset;
  const bool in_columns = chip.crossbar.slice_placement == SlicePlacement::kColumns;
  const std::int64_t num_signs = is_offset ? 1 : 2;
  const std::int64_t signs_in_columns = chip.crossbar.polarity == Polarity::kDifferentialColumns ? 2 : 1;
  const std::int64_t slices_in_columns = in_columns ? num_slices(chip) : 1;
  const std::int64_t stride = signs_in_columns * slices_in_columns;
  ArrayConfig array;
  array.cell = cell_of(chip);
  array.wires = wires;
  std::vector<double> sums(4, 0.0);
  double code_sum = 0.0;
  for (std::int64_t row = 6; row < 18; ++row) code_sum += row_code(shared, row);
  for (std::int64_t slice = 0; slice < num_slices(chip); ++slice) {
    for (std::int64_t sign = 0; sign < num_signs; ++sign) {
      RealMatrix cells(kRows, chip.crossbar.cols, 0.1);
      for (std::int64_t row = 0; row < kRows; ++row) {
        for (std::int64_t col = 0; col < kWeightCols; ++col) {
          for (std::int64_t s = 0; s < slices_in_columns; ++s) {
            for (std::int64_t q = 0; q < signs_in_columns; ++q) {
              const std::int64_t cell_slice = in_columns ? s : slice;
              const bool is_negative = (signs_in_columns == 2 ? q : sign) == 1;
              cells.at(row, col * stride + s * signs_in_columns + q) = conductance(shared, cell_slice, is_negative, row, col);
            }
          }
        }
      }
      for (int phase = 0; phase < 3; ++phase) {
        std::vector<double> volts(at(kRows), 0.0);
        for (std::int64_t row = drives_all ? 0 : 6; row < kRows; ++row) volts[at(row)] = (row_code(shared, row) >> phase) & 1;
        const std::vector<double> currents = solve_nodes(cells, volts, array).output_currents;
        for (std::int64_t out = 0; out < 4; ++out) {
          const std::int64_t col =
              (4 + out) * stride + (in_columns ? slice : 0) * signs_in_columns + (signs_in_columns == 2 ? sign : 0);
          sums[at(out)] += (sign == 1 ? -1.0 : 1.0) * std::ldexp(1.0, phase) * std::ldexp(1.0, static_cast<int>(2 * slice)) *
                           currents[at(col)] / 0.3;
        }
      }
      if (is_offset) {
        for (double& sum : sums) sum -= std::ldexp(1.0, static_cast<int>(2 * slice)) * 0.1 / 0.3 * code_sum;
      }
    }
  }
  if (is_offset) {
    for (double& sum : sums) sum -= 4.0 * code_sum;
  }
  return sums;
}

AnalogSettings exact_converters() {
  AnalogSettings settings;
  settings.adc.model = AdcModel::kNone;
  return settings;
}

struct Layout {
  std::string name;
  std::vector<std::string> overrides;
};

class EveryLayout : public testing::TestWithParam<Layout> {};

TEST_P(EveryLayout, WiresReachOverTheWholeCrossbar) {
  const SharedCrossbar shared = shared_crossbar(GetParam().overrides);
  AnalogSettings settings = exact_converters();
  settings.wires = {.row_ohm = 20.0, .col_ohm = 30.0, .row_terminal_ohm = 50.0, .col_terminal_ohm = 40.0};
  const std::vector<double> sums = shared.layer(1, settings).accumulate(shared.inputs[kClassifier], 0);
  const std::vector<double> expected = nodal_sums(shared, settings.wires, false);
  const std::vector<double> exact = accumulate_exactly(shared.quantized, kClassifier, shared.inputs[kClassifier]);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    EXPECT_NEAR(sums[i], expected[i], 1e-4) << i;
    EXPECT_GT(std::abs(expected[i] - exact[i]), 0.01) << i;
  }
}

TEST_P(EveryLayout, BlocksReadTogetherAreOneArrayThatIsDrivenAsAWhole) {
  const SharedCrossbar shared = shared_crossbar(GetParam().overrides);
  AnalogSettings settings = exact_converters();
  settings.sharing.reading = SharedReading::kDisjointBlocks;
  settings.wires = {.row_ohm = 20.0, .col_ohm = 30.0, .row_terminal_ohm = 0.0, .col_terminal_ohm = 0.0};
  const std::vector<double> sums = shared.layer(1, settings).accumulate(shared.inputs[kClassifier], 0, shared.inputs);
  const std::vector<double> expected = nodal_sums(shared, settings.wires, true);
  for (std::size_t i = 0; i < sums.size(); ++i) EXPECT_NEAR(sums[i], expected[i], 1e-4) << i;
}

INSTANTIATE_TEST_SUITE_P(Chips, EveryLayout,
                         testing::Values(Layout{"arrays", {"crossbar.cols=9"}},
                                         Layout{"columns",
                                                {"crossbar.cols=36", "crossbar.polarity=differential_columns",
                                                 "crossbar.slice_placement=columns"}},
                                         Layout{"offset_columns",
                                                {"crossbar.cols=18", "crossbar.polarity=offset",
                                                 "crossbar.polarity_subtraction=digital", "crossbar.slice_placement=columns"}}),
                         [](const testing::TestParamInfo<Layout>& tested) { return tested.param.name; });

TEST(SharedCrossbar, ADifferentialPairCancelsTheLeakOfEqualCells) {
  const SharedCrossbar shared = shared_crossbar({"crossbar.cols=9"});
  AnalogSettings settings = exact_converters();
  settings.sharing.reading = SharedReading::kDisjointBlocks;
  EXPECT_EQ(shared.layer(1, settings).accumulate(shared.inputs[kClassifier], 0, shared.inputs),
            accumulate_exactly(shared.quantized, kClassifier, shared.inputs[kClassifier]));
}

TEST(SharedCrossbar, OffsetCellsLeakTheOffCurrentOfTheOtherRows) {
  const SharedCrossbar shared =
      shared_crossbar({"crossbar.cols=9", "crossbar.polarity=offset", "crossbar.polarity_subtraction=digital"});
  AnalogSettings settings = exact_converters();
  settings.sharing.reading = SharedReading::kDisjointBlocks;
  const std::vector<double> sums = shared.layer(1, settings).accumulate(shared.inputs[kClassifier], 0, shared.inputs);
  const std::vector<double> exact = accumulate_exactly(shared.quantized, kClassifier, shared.inputs[kClassifier]);
  double driven = 0.0;
  for (std::int64_t row = 1; row < 5; ++row) driven += row_code(shared, row) & 7;
  ASSERT_GT(driven, 0.0);
  // g_min is a third of a level; slices of 2 bits weigh 1 and 4.
  for (std::size_t i = 0; i < sums.size(); ++i) EXPECT_NEAR(sums[i] - exact[i], 5.0 * driven / 3.0, 1e-4) << i;
}

TEST(SharedCrossbar, ErrorsOfUnprogrammedCellsLeakThroughAPair) {
  const SharedCrossbar shared = shared_crossbar({"crossbar.cols=9"});
  AnalogSettings alone = exact_converters();
  alone.device.programming = {.model = ProgrammingModel::kNormalIndependent, .magnitude = 0.01, .table = {}};
  AnalogSettings together = alone;
  together.sharing.reading = SharedReading::kDisjointBlocks;
  double expected = 0.0;  // of a pair in each of two slices: sigma / step = 0.01 / 0.3, weights 1 and 4, driven with the code
  for (std::int64_t row = 1; row < 5; ++row) {
    const double code = row_code(shared, row) & 7;
    expected += code * code * 2.0 * (1.0 + 16.0) * std::pow(0.01 / 0.3, 2);
  }
  constexpr std::uint64_t kTrials = 200;
  double squares = 0.0;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    const std::vector<double> a = shared.layer(1, alone, trial).accumulate(shared.inputs[kClassifier], 0);
    const std::vector<double> b = shared.layer(1, together, trial).accumulate(shared.inputs[kClassifier], 0, shared.inputs);
    for (std::size_t i = 0; i < a.size(); ++i) squares += (b[i] - a[i]) * (b[i] - a[i]) / static_cast<double>(a.size());
  }
  // 800 draws know a variance to 5 %: four of these.
  EXPECT_NEAR(squares / kTrials / expected, 1.0, 0.2);
}

TEST(SharedCrossbar, CurvesOnlyMatterToDigitsBetweenTheEnds) {
  AnalogSettings settings = exact_converters();
  settings.iv = {.model = IvModel::kSinh, .coefficient = 10.0};
  const SharedCrossbar bits = shared_crossbar({"crossbar.cols=9"});
  EXPECT_EQ(bits.layer(1, settings).accumulate(bits.inputs[kClassifier], 0),
            accumulate_exactly(bits.quantized, kClassifier, bits.inputs[kClassifier]));

  const SharedCrossbar digits = shared_crossbar({"crossbar.cols=9", "dac.bits=3"});
  const std::vector<double> sums = digits.layer(1, settings).accumulate(digits.inputs[kClassifier], 0);
  for (std::int64_t out = 0; out < 4; ++out) {
    double expected = 0.0;
    for (std::int64_t row = 0; row < 12; ++row) {
      // 0.15 V is the digit 7.
      const double volt = 0.15 * digits.inputs[kClassifier][at(row)] / 7.0;
      expected +=
          digits.quantized.weights[kClassifier].codes[at(out * 12 + row)] * 7.0 * std::sinh(10.0 * volt) / std::sinh(1.5);
    }
    EXPECT_NEAR(sums[at(out)], expected, 1e-4) << out;
  }
}

TEST(SharedCrossbar, ACurveThatFallsToNothingIsAnError) {
  const SharedCrossbar shared = shared_crossbar({"crossbar.cols=9", "dac.bits=3"});
  AnalogSettings settings = exact_converters();
  settings.iv = {.model = IvModel::kCubic, .coefficient = 50.0};  // 1 - 50 x 0.15^2 < 0
  EXPECT_THROW(static_cast<void>(shared.layer(1, settings)), UserError);
}

}  // namespace
}  // namespace crossloom
