#include "accuracy/crossbar_layer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <variant>

#include "compiler/compile.h"
#include "simulator/hardware/chip_yaml.h"
#include "tests/accuracy/example_networks.h"

namespace crossloom {
namespace {

struct Example {
  ExampleNetwork source = random_network(7);
  QuantizedNetwork quantized;
  TileMap tile_map;
  std::vector<MappedLayer> mapped;
};

Example example(const std::vector<std::string>& overrides, bool duplicate = false) {
  Example result;
  const Network& network = result.source.network;
  const ChipConfig chip = with_overrides(load_chip("rnc-mnsim-128"), overrides);
  const std::vector<FoldedWeights> weights = load_weights(network, result.source.weights);
  OutputRanges ranges(network);
  ranges.include(network, weights, Tensor(network.input_shape, random_values(90, 3)));
  result.quantized = quantize(network, weights, ranges,
                              {.weight_bits = chip.arithmetic.weight_bits, .activation_bits = chip.arithmetic.activation_bits});
  CompileOptions options;
  options.duplicate = duplicate;
  options.budget.count = duplicate ? 12 : 6;
  result.tile_map = std::get<CompiledNetwork>(compile(network, chip, options)).tile_map;
  result.mapped = map_layers(network, result.tile_map);
  return result;
}

/// The sums by loops over every window, output channel and weight, in 64-bit integers.
std::vector<double> integer_sums(const QuantizedNetwork& quantized, std::size_t index, const std::vector<std::int32_t>& codes) {
  const Layer& layer = quantized.network.layers[index];
  const TensorShape input = layer.kind == LayerKind::kLinear
                                ? TensorShape{input_shape_of(quantized.network, layer).num_values(), 1, 1}
                                : input_shape_of(quantized.network, layer);
  const std::int64_t channels = input.channels / layer.num_groups;
  const WindowAttributes& window = layer.window;
  std::vector<double> sums;
  for (std::int64_t out = 0; out < layer.num_output_channels; ++out) {
    const std::int64_t group = out / (layer.num_output_channels / layer.num_groups);
    for (std::int64_t row = 0; row < layer.output_shape.height; ++row) {
      for (std::int64_t col = 0; col < layer.output_shape.width; ++col) {
        std::int64_t sum = 0;
        std::size_t weight = static_cast<std::size_t>(out * channels * window.kernel_height * window.kernel_width);
        for (std::int64_t channel = 0; channel < channels; ++channel) {
          for (std::int64_t i = 0; i < window.kernel_height; ++i) {
            for (std::int64_t j = 0; j < window.kernel_width; ++j, ++weight) {
              const std::int64_t y = row * window.stride_height + i - window.pad_top;
              const std::int64_t x = col * window.stride_width + j - window.pad_left;
              if (y < 0 || y >= input.height || x < 0 || x >= input.width) continue;
              const std::int64_t place = ((group * channels + channel) * input.height + y) * input.width + x;
              sum += std::int64_t{quantized.weights[index].codes[weight]} * codes[static_cast<std::size_t>(place)];
            }
          }
        }
        sums.push_back(static_cast<double>(sum));
      }
    }
  }
  return sums;
}

CrossbarLayer programmed_layer(const Example& example, const MappedLayer& mapped, const AnalogSettings& settings,
                               const ProgrammingDraws& draws) {
  const auto cells = program_chip(example.quantized, example.mapped, example.tile_map, settings, draws, 1);
  return {example.quantized, mapped, example.tile_map.chip, settings, draws, cells[static_cast<std::size_t>(mapped.matrix)]};
}

/// The network's output with every layer in its crossbars; each layer's sums must be those of integer arithmetic.
Tensor run_in_crossbars(const Example& example, const AnalogSettings& settings) {
  return execute_quantized(example.quantized, Tensor(example.source.network.input_shape, random_values(90, 5)),
                           [&](std::size_t layer, const std::vector<std::int32_t>& codes) {
                             for (const MappedLayer& mapped : example.mapped) {
                               if (mapped.layer != layer) continue;
                               const CrossbarLayer crossbars = programmed_layer(example, mapped, settings, {});
                               std::vector<double> sums = crossbars.accumulate(codes, 0);
                               EXPECT_EQ(sums, integer_sums(example.quantized, layer, codes))
                                   << example.source.network.layers[layer].name;
                               return sums;
                             }
                             return std::vector<double>();
                           });
}

AnalogSettings without_effects() {
  AnalogSettings settings;
  settings.adc.model = AdcModel::kNone;
  return settings;
}

struct Arithmetic {
  std::string name;
  std::vector<std::string> overrides;
};

class EveryArithmetic : public testing::TestWithParam<Arithmetic> {};

TEST_P(EveryArithmetic, WithoutEffectsIsIntegerArithmeticBitForBit) {
  EXPECT_EQ(run_in_crossbars(example(GetParam().overrides), without_effects()).values.size(), 10U);
}

INSTANTIATE_TEST_SUITE_P(
    Chips, EveryArithmetic,
    testing::Values(
        Arithmetic{"one_bit_cells", {}}, Arithmetic{"two_bit_cells", {"cell.bits_per_cell=2"}},
        Arithmetic{"three_bit_cells_symmetric", {"cell.bits_per_cell=3", "arithmetic.weight_range=symmetric"}},
        Arithmetic{"offset", {"crossbar.polarity=offset", "crossbar.polarity_subtraction=digital", "cell.bits_per_cell=2"}},
        Arithmetic{"digital_subtraction", {"crossbar.polarity_subtraction=digital"}},
        Arithmetic{"differential_columns", {"crossbar.polarity=differential_columns", "cell.bits_per_cell=4"}},
        Arithmetic{"few_active_rows", {"crossbar.active_rows=5"}}, Arithmetic{"two_bit_dac", {"dac.bits=2"}},
        Arithmetic{"two_bit_dac_offset", {"dac.bits=2", "crossbar.polarity=offset", "crossbar.polarity_subtraction=digital"}},
        Arithmetic{"two_passes", {"arithmetic.input_encoding=sign_magnitude_two_pass"}},
        Arithmetic{"two_passes_of_three_bits", {"arithmetic.input_encoding=sign_magnitude_two_pass", "dac.bits=3"}},
        Arithmetic{"four_bits", {"arithmetic.weight_bits=4", "arithmetic.activation_bits=4"}},
        Arithmetic{"ten_bit_activations", {"arithmetic.activation_bits=10"}}),
    [](const testing::TestParamInfo<Arithmetic>& tested) { return tested.param.name; });

TEST(CrossbarLayer, CopiesShareTheWindows) {
  const Example duplicated = example({}, true);
  std::int64_t num_copies = 0;
  for (const MappedLayer& layer : duplicated.mapped) num_copies += layer.num_copies;
  ASSERT_GT(num_copies, 4);
  EXPECT_EQ(run_in_crossbars(duplicated, without_effects()).values.size(), 10U);
}

TEST(CrossbarLayer, ConverterWithACodeForEveryCurrentIsExact) {
  // 27 rows of one-bit cells at most, so eight bits hold every difference.
  EXPECT_EQ(run_in_crossbars(example({}), {}).values.size(), 10U);
}

TEST(CrossbarLayer, ProgrammingErrorHasTheVarianceOfItsCells) {
  const Example tested = example({"cell.g_min_siemens=1e-12"});
  const MappedLayer& first = tested.mapped.front();
  AnalogSettings settings = without_effects();
  settings.device.programming = {.model = ProgrammingModel::kNormalProportional, .magnitude = 0.1, .table = {}};
  const std::vector<std::int32_t> codes(90, 1);
  const std::vector<double> exact = accumulate_exactly(tested.quantized, first.layer, codes);
  // Window 6 lies inside the image: 27 inputs of 1. Each set cell of slice s errs by 0.1 x 2^s.
  const std::int64_t window = 6;
  double expected = 0.0;
  for (std::size_t row = 0; row < 27; ++row) {
    const std::int32_t magnitude = std::abs(tested.quantized.weights[first.layer].codes[row]);
    for (int slice = 0; slice < 8; ++slice) {
      if (((magnitude >> slice) & 1) != 0) expected += 0.01 * std::ldexp(1.0, 2 * slice);
    }
  }
  double squares = 0.0;
  constexpr int kTrials = 400;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    const CrossbarLayer layer = programmed_layer(tested, first, settings, {.seed = 1, .trial = trial});
    const double error = layer.accumulate(codes, 0)[window] - exact[window];
    squares += error * error;
  }
  // The variance of 400 trials is known to sqrt(2 / 400) = 7 %: four of these.
  EXPECT_NEAR(squares / kTrials / expected, 1.0, 0.28);
}

TEST(CrossbarLayer, ReadNoiseHasTheVarianceOfItsCellsInEveryPhase) {
  const Example tested = example({"cell.g_min_siemens=2e-5"});  // no read comes near 0
  const MappedLayer& first = tested.mapped.front();
  AnalogSettings settings = without_effects();
  settings.device.read = {.model = ReadNoiseModel::kNormalIndependent, .magnitude = 0.02, .time_s = 0.0};
  const CrossbarLayer layer = programmed_layer(tested, first, settings, {.seed = 1, .trial = 0});
  const std::vector<std::int32_t> codes(90, 1);
  const std::vector<double> exact = accumulate_exactly(tested.quantized, first.layer, codes);
  // 27 rows driven in phase 0, a pair of cells in each of 8 slices; 0.8 of g_max is a level of 1.
  const double level = 0.8;
  const double expected = 27.0 * 2.0 * std::pow(0.02 / level, 2) * (std::ldexp(1.0, 16) - 1.0) / 3.0;
  double squares = 0.0;
  constexpr int kImages = 400;
  for (std::uint64_t image = 0; image < kImages; ++image) {
    const double error = layer.accumulate(codes, image)[6] - exact[6];
    squares += error * error;
  }
  EXPECT_NEAR(squares / kImages / expected, 1.0, 0.28);
}

}  // namespace
}  // namespace crossloom
