#include "training/chip_awareness.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "accuracy/quantization.h"
#include "accuracy/synthetic_images.h"
#include "compiler/import/load_network.h"
#include "compiler/ir/initial_weights.h"
#include "simulator/hardware/chip_yaml.h"
#include "training/training_images.h"

namespace crossloom {
namespace {

struct Example {
  explicit Example(const std::string& name) {
    use_threads(1);  // tests run side by side
    NetworkOptions options;
    options.input_shape = TensorShape{3, 32, 32};
    const Network network = load_network(name, options).network;
    start = trainable(network, initial_weights(network, 1));
  }
  TrainableNetwork start;
  ImageSet images = synthetic_images(1, 1, 1).train;
};

/// Output for the first image through hooks with these statistics.
std::vector<float> output_of(Example& example, const ChipAwareness& awareness) {
  std::vector<float> pixels(static_cast<std::size_t>(example.images.shape.num_values()));
  write_batch(example.images, std::vector<std::int64_t>{0}, {}, {}, pixels);
  NetworkValues& values = example.start.values;
  const NetworkModule module(example.start.network,
                             {.parameters = values.parameters.data(), .statistics = values.statistics.data()},
                             DepthwiseGradient::kOwn);
  const HookMaker hooks = chip_hooks(example.start.network, std::make_shared<const ChipAwareness>(awareness));
  return module
      .output(Variable::images({1, 3, 32, 32}, pixels.data()),
              hooks({.parameters = values.parameters, .statistics = values.statistics}))
      .values();
}

TEST(ChipAwareness, QuantizesAsAccuracyDoes) {
  Example example("resnet8_cifar10");
  const Network& network = example.start.network;
  const std::vector<FoldedWeights> weights = load_weights(network, to_store(network, example.start.values));
  const Tensor image(network.input_shape, normalized_image(example.images, 0, {}));
  OutputRanges ranges(network);
  ranges.include(network, weights, image);
  const QuantizedNetwork quantized = quantize(network, weights, ranges, {});
  const Tensor expected = execute_quantized(quantized, image, [&](std::size_t layer, const std::vector<std::int32_t>& codes) {
    return accumulate_exactly(quantized, layer, codes);
  });
  const ParameterLayout layout(network);
  for (std::size_t i = 0; i < network.layers.size(); ++i)
    example.start.values.statistics[layout.range_of(i)] = static_cast<float>(ranges.largest()[i]);
  const std::vector<float> output = output_of(example, {.weight_bits = 8, .activation_bits = 8});
  // Rounding in binary32 may move a value that lies between two codes to the other one.
  for (std::size_t i = 0; i < output.size(); ++i) EXPECT_NEAR(output[i], expected.values[i], 0.01) << i;
  EXPECT_NE(output, output_of(example, {}));
}

/// Layers whose weights the hooks change.
std::set<std::size_t> reached_layers(const Example& example, const ChipAwareness& awareness, std::int64_t step) {
  const TrainableNetwork& start = example.start;
  std::vector<float> statistics = start.values.statistics;
  const ForwardHooks hooks = chip_hooks(start.network, std::make_shared<const ChipAwareness>(awareness))(
      {.parameters = start.values.parameters, .statistics = statistics, .step = step, .num_steps = 11, .is_training = true});
  std::set<std::size_t> reached;
  std::vector<float> parameters = start.values.parameters;
  const ParameterLayout layout(start.network);
  for (const ParameterPlace& place : layout.parameters()) {
    if (place.role != ParameterRole::kWeights) continue;
    const Variable weights = Variable::view(place.dims, parameters.data() + place.first);
    const std::vector<float> changed = hooks.weights(place.layer, weights).values();
    const std::vector<float> before = weights.values();
    std::size_t num_changed = 0;
    for (std::size_t i = 0; i < before.size(); ++i) num_changed += before[i] != changed[i] ? 1U : 0U;
    // A draw can be too small to change a binary32, or a table's error zero, but rarely.
    if (num_changed > before.size() / 2) reached.insert(place.layer);
  }
  return reached;
}

TEST(ChipAwareness, NoiseReachesEveryMappedLayer) {
  const Example example("mobilenet_v3_small_w0_5_cifar10");
  const ChipConfig chip = load_chip("rnc-mnsim-128");
  const Network& network = example.start.network;
  std::set<std::size_t> mapped;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (runs_in_crossbars(network.layers[i])) mapped.insert(i);
  }
  EXPECT_EQ(mapped.size(), 54U);
  const ChipAwareness blocks{.first_sigma_fraction = 0.0, .last_sigma_fraction = 0.1, .blocks = layer_blocks(network, chip)};
  EXPECT_EQ(reached_layers(example, blocks, 5), mapped);
  EXPECT_TRUE(reached_layers(example, blocks, 0).empty()) << "sigma is still zero";
  DeviceNoise noise;
  noise.programming = {.model = ProgrammingModel::kNormalIndependent, .magnitude = 0.05};
  EXPECT_EQ(reached_layers(example, {.weight_bits = 8, .errors = sample_code_errors(chip, noise, 4, 1)}, 0), mapped);
}

}  // namespace
}  // namespace crossloom
