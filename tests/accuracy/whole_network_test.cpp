#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "accuracy/crossbar_layer.h"
#include "accuracy/digital_layers.h"
#include "compiler/compile.h"
#include "compiler/import/load_network.h"
#include "compiler/ir/initial_weights.h"
#include "simulator/hardware/chip_yaml.h"
#include "tests/accuracy/example_networks.h"

/// Whole networks in crossbars without analog effects, against loops in 64-bit integers.
namespace crossloom {
namespace {

std::int64_t code_of(const CodeFormat& format, double value) {
  return std::clamp(static_cast<std::int64_t>(std::nearbyint(value / format.scale)), format.low, format.high);
}

/// Weight code x input code, summed over one output's receptive field.
std::int64_t window_sum(const Layer& layer, const TensorShape& input, const std::vector<std::int32_t>& weights,
                        const std::vector<std::int64_t>& codes, std::int64_t out, std::int64_t row, std::int64_t col) {
  const WindowAttributes& window = layer.window;
  const std::int64_t channels = input.channels / layer.num_groups;
  const std::int64_t first = out / (layer.num_output_channels / layer.num_groups) * channels;
  std::int64_t sum = 0;
  auto weight = weights.begin() + out * channels * window.kernel_height * window.kernel_width;
  for (std::int64_t channel = first; channel < first + channels; ++channel) {
    for (std::int64_t i = 0; i < window.kernel_height; ++i) {
      for (std::int64_t j = 0; j < window.kernel_width; ++j, ++weight) {
        const std::int64_t y = row * window.stride_height + i - window.pad_top;
        const std::int64_t x = col * window.stride_width + j - window.pad_left;
        if (y < 0 || y >= input.height || x < 0 || x >= input.width) continue;
        sum += *weight * codes[static_cast<std::size_t>((channel * input.height + y) * input.width + x)];
      }
    }
  }
  return sum;
}

Tensor integer_product(const QuantizedNetwork& quantized, std::size_t index, const Tensor& input) {
  const Layer& layer = quantized.network.layers[index];
  const QuantizedWeights& weights = quantized.weights[index];
  const CodeFormat& format = quantized.formats[static_cast<std::size_t>(layer.inputs.front())];
  TensorShape shape = input.shape;
  if (layer.kind == LayerKind::kLinear) shape = {shape.num_values(), 1, 1};
  std::vector<std::int64_t> codes;
  codes.reserve(input.values.size());
  for (const double value : input.values) codes.push_back(code_of(format, value));
  Tensor output(layer.output_shape);
  for (std::int64_t out = 0; out < layer.num_output_channels; ++out) {
    const auto channel = static_cast<std::size_t>(out);
    for (std::int64_t row = 0; row < output.shape.height; ++row) {
      for (std::int64_t col = 0; col < output.shape.width; ++col) {
        const std::int64_t sum = window_sum(layer, shape, weights.codes, codes, out, row, col);
        output.at(out, row, col) = static_cast<double>(sum) * (format.scale * weights.scales[channel]) + weights.bias[channel];
      }
    }
  }
  return output;
}

/// The network layer by layer: sums in integers, the digital layers (digital_layers_test.cpp) and the rounding in between.
Tensor integer_execution(const QuantizedNetwork& quantized, const Tensor& image) {
  std::vector<Tensor> outputs;
  for (std::size_t i = 0; i < quantized.network.layers.size(); ++i) {
    const Layer& layer = quantized.network.layers[i];
    std::vector<const Tensor*> operands;
    for (const std::int64_t input : layer.inputs) operands.push_back(&outputs[static_cast<std::size_t>(input)]);
    Tensor output = image;
    if (layer.kind == LayerKind::kConvolution || layer.kind == LayerKind::kLinear) {
      output = integer_product(quantized, i, *operands.front());
    } else if (layer.kind != LayerKind::kInput) {
      output = digital_output(layer, operands, quantized.digital_weights[i]);
    }
    apply_activation(layer.activation, layer.activation_slope, output);
    const CodeFormat& format = quantized.formats[i];
    for (double& value : output.values) {
      if (format.is_stored) value = static_cast<double>(code_of(format, value)) * format.scale;
    }
    outputs.push_back(std::move(output));
  }
  return outputs.back();
}

Tensor crossbar_execution(const QuantizedNetwork& quantized, const ChipConfig& chip, const Tensor& image) {
  CompileOptions options;
  options.duplicate = false;
  const TileMap map = std::get<CompiledNetwork>(compile(quantized.network, chip, options)).tile_map;
  AnalogSettings no_effects;
  no_effects.adc.model = AdcModel::kNone;
  std::vector<CrossbarLayer> layers;
  std::vector<std::size_t> place(quantized.network.layers.size());
  const std::vector<MappedLayer> mapped_layers = map_layers(quantized.network, map);
  layers.reserve(mapped_layers.size());
  const auto cells = program_chip(quantized, mapped_layers, map, no_effects, {}, 1);
  for (const MappedLayer& mapped : mapped_layers) {
    place[mapped.layer] = layers.size();
    layers.emplace_back(quantized, mapped, chip, no_effects, ProgrammingDraws{}, cells[layers.size()]);
  }
  return execute_quantized(quantized, image, [&](std::size_t layer, const std::vector<std::int32_t>& codes) {
    return layers[place[layer]].accumulate(codes, 0);
  });
}

struct WholeNetwork {
  std::string name;
  std::string network;
  TensorShape input;
  std::vector<std::string> overrides;
};

class EveryWholeNetwork : public testing::TestWithParam<WholeNetwork> {};

TEST_P(EveryWholeNetwork, WithoutEffectsIsIntegerArithmeticBitForBit) {
  const ChipConfig chip = with_overrides(load_chip("rnc-mnsim-128"), GetParam().overrides);
  const Network network = load_network(GetParam().network, {.input_shape = GetParam().input}).network;
  const std::vector<FoldedWeights> weights = load_weights(network, initial_weights(network, 1));
  Tensor image(network.input_shape, random_values(static_cast<std::size_t>(network.input_shape.num_values()), 2));
  if (!network.has_signed_input) {
    for (double& value : image.values) value = std::abs(value);
  }
  OutputRanges ranges(network);
  ranges.include(network, weights, image);
  const QuantizedNetwork quantized =
      quantize(network, weights, ranges,
               {.weight_bits = chip.arithmetic.weight_bits, .activation_bits = chip.arithmetic.activation_bits});
  const Tensor exact = integer_execution(quantized, image);
  EXPECT_EQ(crossbar_execution(quantized, chip, image), exact);
  // A network that answers the same to everything would agree with anything.
  EXPECT_NE(*std::ranges::min_element(exact.values), *std::ranges::max_element(exact.values));
}

// The whole resnet8 with every slicing of 8-bit weights and every polarity; a quarter of CIFAR-10's pixels keeps it quick.
constexpr TensorShape kSmallImage = {3, 16, 16};
constexpr const char* kOffset = "crossbar.polarity=offset";
constexpr const char* kDigital = "crossbar.polarity_subtraction=digital";

INSTANTIATE_TEST_SUITE_P(
    Networks, EveryWholeNetwork,
    testing::Values(
        WholeNetwork{"resnet8_1_bit_cells", "resnet8_cifar10", kSmallImage, {}},
        WholeNetwork{"resnet8_2_bit_cells_offset", "resnet8_cifar10", kSmallImage, {"cell.bits_per_cell=2", kOffset, kDigital}},
        WholeNetwork{"resnet8_3_bit_cells_digital", "resnet8_cifar10", kSmallImage, {"cell.bits_per_cell=3", kDigital}},
        WholeNetwork{"resnet8_4_bit_cells_columns",
                     "resnet8_cifar10",
                     kSmallImage,
                     {"cell.bits_per_cell=4", "crossbar.polarity=differential_columns"}},
        WholeNetwork{"resnet8_8_bit_cells_offset", "resnet8_cifar10", kSmallImage, {"cell.bits_per_cell=8", kOffset, kDigital}},
        WholeNetwork{"lenet5", "lenet5", {1, 28, 28}, {}},
        WholeNetwork{"lenet5_two_passes_2_bit_dac",
                     "lenet5",
                     {1, 28, 28},
                     {"arithmetic.input_encoding=sign_magnitude_two_pass", "dac.bits=2", "cell.bits_per_cell=2"}},
        WholeNetwork{"ds_cnn_kws", "ds_cnn_kws", {1, 25, 10}, {"cell.bits_per_cell=2"}}),
    [](const testing::TestParamInfo<WholeNetwork>& tested) { return tested.param.name; });

}  // namespace
}  // namespace crossloom
