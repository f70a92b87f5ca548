#include "training/converted_sums.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "accuracy/accuracy_run.h"
#include "accuracy/crossbar_layer.h"
#include "accuracy/synthetic_images.h"
#include "compiler/compile.h"
#include "compiler/import/network_yaml.h"
#include "compiler/ir/initial_weights.h"
#include "simulator/hardware/chip_yaml.h"
#include "tests/accuracy/example_networks.h"
#include "tests/support/error_message.h"
#include "tests/support/scratch_folder.h"
#include "training/chip_awareness.h"
#include "training/training_images.h"
#include "training/training_run.h"

namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Chip {
  std::string name;
  std::vector<std::string> overrides;
};

class EveryChip : public testing::TestWithParam<Chip> {};

/// The layers of a network with a residual, signed inputs, groups and several row parts, each beside `accuracy`.
void expect_sums_of_accuracy(const ChipConfig& chip, const ConverterSettings& adc) {
  use_threads(1);  // tests run side by side
  const ExampleNetwork source = random_network(7);
  const Network& network = source.network;
  const std::vector<FoldedWeights> weights = load_weights(network, source.weights);
  OutputRanges ranges(network);
  ranges.include(network, weights, Tensor(network.input_shape, random_values(90, 3)));
  const QuantizedNetwork quantized =
      quantize(network, weights, ranges,
               {.weight_bits = chip.arithmetic.weight_bits, .activation_bits = chip.arithmetic.activation_bits});
  CompileOptions options;
  options.duplicate = false;
  const TileMap tile_map = std::get<CompiledNetwork>(compile(network, chip, options)).tile_map;
  const std::vector<MappedLayer> mapped = map_layers(network, tile_map);
  AnalogSettings settings;
  settings.adc = adc;
  const auto cells = program_chip(quantized, mapped, tile_map, settings, {}, 1);
  const std::vector<std::vector<WeightBlock>> blocks = layer_blocks(network, chip);

  std::size_t num_changed = 0;
  const auto compare = [&](std::size_t layer, const Variable& input, const Multiply& multiply) {
    const QuantizedWeights& coded = quantized.weights[layer];
    const std::vector<float> scales(coded.scales.begin(), coded.scales.end());
    std::vector<float> values(coded.codes.begin(), coded.codes.end());
    const std::size_t rows = values.size() / scales.size();
    for (std::size_t i = 0; i < values.size(); ++i) values[i] *= scales[i / rows];
    const ParameterLayout layout(network);
    const std::vector<std::int64_t> dims = layout.find(layer, ParameterRole::kWeights)->dims;
    const std::vector<RowPart> parts = row_parts(blocks[layer], chip.crossbar.active_rows);
    const Variable real = Variable::constant(dims, values);
    Variable sums = converted_product({.chip = chip, .adc = adc},
                                      {.num_groups = network.layers[layer].num_groups,
                                       .dims = dims,
                                       .codes = coded.codes,
                                       .scales = scales,
                                       .input = input_format(quantized, layer),
                                       .parts = parts},
                                      input, real, multiply);
    const Variable exact = multiply(input, real);
    if (!sums.exists()) sums = exact;
    num_changed += sums.values() == exact.values() ? 0U : 1U;
    std::vector<std::int32_t> codes;
    for (const float value : input.values()) codes.push_back(input_format(quantized, layer).code(static_cast<double>(value)));
    const auto place = std::ranges::find(mapped, layer, &MappedLayer::layer);
    CrossbarLayer crossbars(quantized, *place, chip, settings, {}, cells[static_cast<std::size_t>(place->matrix)]);
    if (is_calibrated(adc.range)) {
      std::vector<std::vector<double>> by_block(place->blocks.size());
      crossbars.collect_currents(codes, {}, by_block);
      std::vector<double> all;
      for (const std::vector<double>& currents : by_block) all.insert(all.end(), currents.begin(), currents.end());
      crossbars.set_ranges(std::vector<double>(by_block.size(), calibrated_range(all, adc.coverage_fraction).high));
    }
    const std::vector<double> expected = crossbars.accumulate(codes, 0);
    const std::vector<float> given = sums.values();
    ASSERT_EQ(given.size(), expected.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
      const double unit = input_format(quantized, layer).scale * coded.scales[i / (given.size() / scales.size())];
      EXPECT_NEAR(static_cast<double>(given[i]) / unit, expected[i], 1e-5 * std::abs(expected[i]) + 0.5)
          << network.layers[layer].name << ' ' << i;
    }
  };
  NetworkValues start = trainable(network, source.weights).values;
  const NetworkModule module(network, {.parameters = start.parameters.data(), .statistics = start.statistics.data()},
                             DepthwiseGradient::kOwn);
  const std::vector<double> pixels = random_values(90, 5);
  const auto rounded = [&](std::size_t layer, const Variable& output) {
    const CodeFormat& format = quantized.formats[layer];
    return format.is_stored ? fake_quantized(output, format.scale, format.low, format.high) : output;
  };
  const NoGradients no_gradients;
  static_cast<void>(
      module.output(Variable::constant({1, 3, 6, 5}, {pixels.begin(), pixels.end()}),
                    {.product =
                         [&](std::size_t layer, const Variable& input, const Variable&, const Multiply& multiply) {
                           compare(layer, input, multiply);
                           return Variable();
                         },
                     .outputs = rounded}));
  EXPECT_GT(num_changed, 1U) << "converters that change nothing show nothing";
}

TEST_P(EveryChip, GivesTheSumsOfAccuracyWithANarrowRange) {
  expect_sums_of_accuracy(with_overrides(load_chip("rnc-mnsim-128"), GetParam().overrides),
                          {.range = ConverterRange::kFixed, .largest_levels = 5.0});
}

TEST_P(EveryChip, GivesTheSumsOfAccuracyWithWideSteps) {
  std::vector<std::string> overrides = GetParam().overrides;
  overrides.emplace_back("adc.bits=2");
  expect_sums_of_accuracy(with_overrides(load_chip("rnc-mnsim-128"), overrides), {});
}

TEST_P(EveryChip, GivesTheSumsOfAccuracyWithARangeCalibratedOnTheImage) {
  expect_sums_of_accuracy(with_overrides(load_chip("rnc-mnsim-128"), GetParam().overrides),
                          {.range = ConverterRange::kCalibrated, .coverage_fraction = 0.9});
}

INSTANTIATE_TEST_SUITE_P(
    Chips, EveryChip,
    testing::Values(
        Chip{"differential", {"adc.bits=3"}}, Chip{"row_parts", {"adc.bits=3", "crossbar.active_rows=5", "crossbar.rows=16"}},
        Chip{"offset",
             {"adc.bits=3", "crossbar.polarity=offset", "crossbar.polarity_subtraction=digital", "cell.bits_per_cell=2"}},
        Chip{"digital_subtraction", {"adc.bits=3", "crossbar.polarity_subtraction=digital"}},
        Chip{"two_passes", {"adc.bits=4", "dac.bits=2", "arithmetic.input_encoding=sign_magnitude_two_pass"}}),
    [](const auto& chip) { return chip.param.name; });

/// Two inputs of one bit and weights of one: a sum takes one conversion.
class OneConversion : public testing::Test {
 protected:
  OneConversion()
      : chip_(with_overrides(load_chip("rnc-mnsim-128"), {"arithmetic.weight_bits=2", "arithmetic.activation_bits=1",
                                                          "arithmetic.weight_range=symmetric", "adc.bits=2"})) {}

  /// Sums of three channels for the inputs 1/4 and 1/4, and the gradients of their weights.
  [[nodiscard]] std::vector<float> sums(const std::vector<RowPart>& parts) {
    std::vector<float> weights = {0.5F, 0.5F, 0.5F, -0.5F, -0.5F, -0.5F};
    gradient_.assign(6, 0.0F);
    const Variable weight = Variable::parameter({3, 2}, weights.data(), gradient_.data());
    const std::vector<float> scales(3, 0.5F);
    const Variable result =
        converted_product({.chip = chip_, .adc = {.range = ConverterRange::kFixed, .largest_levels = 1.0}},
                          {.dims = {3, 2},
                           .codes = {1, 1, 1, -1, -1, -1},
                           .scales = scales,
                           .input = {.scale = 0.25, .low = 0, .high = 1, .is_stored = true},
                           .parts = parts},
                          Variable::constant({1, 2, 1, 1}, {0.25F, 0.25F}), weight, [](const Variable& x, const Variable& w) {
                            return reshaped(linear(reshaped(x, {1, w.dims().back()}), w, {}), {1, w.dims().front(), 1, 1});
                          });
    if (!result.exists()) return {};
    backward(reshaped(linear(reshaped(result, {1, 3}), Variable::constant({1, 3}, {1, 1, 1}), {}), {}), 1.0);
    return result.values();
  }

  ChipConfig chip_;
  std::vector<float> gradient_;
};

TEST_F(OneConversion, ClipsToTheLowestAndHighestCodeAndStopsTheGradientThere) {
  // Sums 2, 0 and -2 in codes -2 to 1 of one level; a level is 1/2 x 1/4.
  EXPECT_THAT(sums({{0, 2}}), ElementsAre(0.125F, 0.0F, -0.25F));
  EXPECT_THAT(gradient_, ElementsAre(0.0F, 0.0F, 0.25F, 0.25F, 0.25F, 0.25F));
}

TEST_F(OneConversion, OfRowsApartThatFitDoesNothing) {
  // Each row alone makes currents of -1 to 1, which no converter changes whatever the inputs.
  EXPECT_TRUE(sums({{0, 1}, {1, 1}}).empty());
}

TEST(RowParts, AreBlocksCutByTheRowsThatAreDrivenAtOnce) {
  const std::vector<WeightBlock> blocks = {{.matrix_row0 = 0, .matrix_col0 = 0, .rows = 8, .cols = 4},
                                           {.matrix_row0 = 0, .matrix_col0 = 4, .rows = 8, .cols = 1},
                                           {.matrix_row0 = 8, .matrix_col0 = 0, .rows = 3, .cols = 4},
                                           {.matrix_row0 = 8, .matrix_col0 = 4, .rows = 3, .cols = 1}};
  EXPECT_THAT(row_parts(blocks, 5), ElementsAre(RowPart{0, 5}, RowPart{5, 3}, RowPart{8, 3}));
}

TEST(SumConverters, RefuseWhatTrainingCannotFollow) {
  const Network network = random_network(7).network;
  const ChipConfig chip = load_chip("rnc-mnsim-128");
  const auto refused = [&](const SumConverters& converters) {
    return user_error([&] { require_trainable(converters, network); });
  };
  EXPECT_EQ(refused({.chip = chip, .adc = {.model = AdcModel::kNone}}),
            "adc.model: none, allowed with --adc-start: uniform, sar, ramp");
  EXPECT_EQ(refused({.chip = chip, .adc = {.range = ConverterRange::kCalibratedByBlock}}),
            "adc.range: calibrated_by_block, allowed with --adc-start: full_scale, fixed, calibrated");
  EXPECT_THAT(refused({.chip = with_overrides(chip, {"dac.bits=2"}), .adc = {}}),
              HasSubstr("dac.bits: 2, allowed with --adc-start, two's complement and the signed input of layer "));
  EXPECT_EQ(refused({.chip = chip, .adc = {}}), "(no error)");
}

constexpr const char* kNetwork = R"(
name: small
source: test
input: {shape: [3, 32, 32], signed: false}
layers:
  - {name: stem, type: convolution, channels: 8, kernel: 5, stride: 4, padding: 2, batch_norm: true, activation: relu}
  - {name: middle, type: convolution, channels: 8, kernel: 3, padding: 1, batch_norm: true, activation: relu}
  - {name: pool, type: global_average_pool}
  - {name: classifier, type: linear, channels: 10, bias: true, activation: softmax}
)";

class TrainedWithConverters : public testing::Test {
 protected:
  TrainedWithConverters() : images_(synthetic_images(300, 100, 1)) {
    const Network network = parse_network_yaml(kNetwork, "small").network;
    start_ = trainable(network, initial_weights(network, 1));
    options_.num_epochs = 6;
    options_.batch_size = 32;
    options_.average_decay = 0.9;
    options_.flips = false;
    options_.crop_padding = 0;
  }

  [[nodiscard]] ChipAwareness awareness(const std::optional<SumConverters>& converters) const {
    return {.weight_bits = 8, .activation_bits = 8, .blocks = layer_blocks(start_.network, chip_), .converters = converters};
  }
  [[nodiscard]] HookMaker hooks(const ChipAwareness& awareness) const {
    return chip_hooks(start_.network, std::make_shared<const ChipAwareness>(awareness));
  }
  [[nodiscard]] NetworkValues trained(const ChipAwareness& awareness) const {
    const ScratchFolder folder;
    return train(start_, images_.train, options_, {.folder = folder.path(), .identity = {}}, {.hooks = hooks(awareness)}).best;
  }

  ImageData images_;
  TrainableNetwork start_;
  TrainingOptions options_;
  ChipConfig chip_ = with_overrides(load_chip("rnc-mnsim-128"), {"adc.bits=3", "cell.bits_per_cell=4"});
};

TEST_F(TrainedWithConverters, OfARangeThatHoldsEveryCurrentIsTheSameBitForBit) {
  options_.num_epochs = 1;
  const NetworkValues without = trained(awareness({}));
  chip_ = with_overrides(chip_, {"adc.bits=12"});
  EXPECT_EQ(trained(awareness(SumConverters{.chip = chip_, .adc = {}})), without);
}

TEST_F(TrainedWithConverters, GivesMoreRightAnswersBehindThem) {
  const ConverterSettings adc{.range = ConverterRange::kFixed, .largest_levels = 20.0};
  CompileOptions compile_options;
  compile_options.duplicate = false;
  const TileMap tile_map = std::get<CompiledNetwork>(compile(start_.network, chip_, compile_options)).tile_map;
  AnalogSettings settings;
  settings.adc = adc;
  const auto accuracy_of = [&](const NetworkValues& values) {
    const AccuracyRun run(start_.network, to_store(start_.network, values), images_, tile_map,
                          {.output_ranges = OutputRanges(ParameterLayout(start_.network).ranges(values.statistics))});
    return run.trials(settings).front();
  };
  const double without = accuracy_of(trained(awareness({})));
  const ChipAwareness aware = awareness(SumConverters{.chip = chip_, .adc = adc, .start_fraction = 0.5});
  const NetworkValues with = trained(aware);
  const double on_chip = accuracy_of(with);
  EXPECT_GT(on_chip, without + 0.15);
  // Training scores behind the converters, too.
  std::vector<std::int64_t> places(static_cast<std::size_t>(images_.test.size()));
  std::iota(places.begin(), places.end(), 0);
  const double scored =
      Trainer(start_, images_.test, options_, {.hooks = hooks(aware)}).score(with, images_.test, places).accuracy_fraction;
  EXPECT_NEAR(scored, on_chip, 0.03);
}

}  // namespace
}  // namespace crossloom
