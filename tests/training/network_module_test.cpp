#include "training/network_module.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "accuracy/network_execution.h"
#include "compiler/export/network_to_onnx.h"
#include "compiler/import/load_network.h"
#include "compiler/import/network_yaml.h"
#include "compiler/ir/initial_weights.h"
#include "support/random_stream.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

/// Largest difference between the module's output and the executor's in binary64, as a share of the largest output.
/// The executor's network and weights are those given, or have gone through an ONNX file.
double largest_difference(const Network& network, std::uint64_t seed, const std::string& onnx_path = "") {
  use_threads(1);  // tests run side by side
  TrainableNetwork trained = trainable(network, initial_weights(network, seed));
  RandomStream random(seed, {});
  // Statistics and shifts as after some training, so that a place mixed up would show.
  for (float& value : trained.values.statistics) value = static_cast<float>(0.5 + random.next_uniform());
  const ParameterLayout layout(trained.network);
  for (const ParameterPlace& place : layout.parameters()) {
    if (place.role == ParameterRole::kWeights) continue;
    for (std::size_t i = 0; i < place.count; ++i)
      trained.values.parameters[place.first + i] =
          static_cast<float>((place.role == ParameterRole::kScale ? 0.5 : -0.5) + random.next_uniform());
  }
  Tensor image(network.input_shape);
  for (double& value : image.values) value = random.next_normal();
  const NetworkModule module(trained.network,
                             {.parameters = trained.values.parameters.data(), .statistics = trained.values.statistics.data()},
                             DepthwiseGradient::kOwn);
  const TensorShape& shape = network.input_shape;
  const Variable input = Variable::constant({1, shape.channels, shape.height, shape.width},
                                            std::vector<float>(image.values.begin(), image.values.end()));
  const std::vector<float> values = module.output(input).values();

  NetworkFile file{.network = trained.network, .weights = to_store(trained.network, trained.values)};
  if (!onnx_path.empty()) {
    write_onnx_model(to_onnx(file.network, file.weights), onnx_path);
    file = load_network(onnx_path);
  }
  const Tensor expected = execute_float(file.network, load_weights(file.network, file.weights), image);
  EXPECT_EQ(values.size(), expected.values.size());
  double largest = 0.0;
  double difference = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    largest = std::max(largest, std::abs(expected.values[i]));
    difference = std::max(difference, std::abs(expected.values[i] - static_cast<double>(values[i])));
  }
  EXPECT_GT(largest, 0.0);
  return difference / largest;
}

/// Between them they have every kind of layer of the zoo.
TEST(NetworkModule, GivesTheExecutorsOutputForNetworksOfTheZoo) {
  const std::vector<std::pair<std::string, TensorShape>> inputs = {{"lenet5", {1, 28, 28}},
                                                                   {"resnet8_cifar10", {3, 32, 32}},
                                                                   {"mobilenet_v3_small", {3, 40, 33}},
                                                                   {"squeezenet1_1", {3, 33, 40}},
                                                                   {"shufflenet_v2_x0_5", {3, 40, 33}}};
  for (const auto& [name, shape] : inputs) {
    NetworkOptions options;
    options.input_shape = shape;
    EXPECT_LT(largest_difference(load_network(name, options).network, 1), 1e-5) << name;
  }
}

TEST(NetworkModule, GivesTheOutputOfTheExportedFile) {
  const ScratchFolder folder;
  for (const std::string name : {"resnet8_cifar10", "mobilenet_v3_small_w0_5_cifar10"})
    EXPECT_LT(largest_difference(load_network(name).network, 3, folder.path(name + ".onnx")), 1e-5) << name;
}

/// What the zoo's networks lack: pads on one side, ceil mode, means that leave padding out, every way to move values.
constexpr const char* kOddNetwork = R"(
name: odd
source: test
input: {shape: [4, 9, 8], signed: true}
layers:
  - {name: first, type: convolution, channels: 8, kernel: 3, stride: 2, padding: same, batch_norm: true, activation: tanh}
  - {name: grouped, type: convolution, channels: 8, kernel: 3, padding: 2, dilation: 2, groups: 2, bias: true, activation: silu}
  - {name: mean, type: average_pool, kernel: 3, stride: 2, padding: 1, ceil_mode: true}
  - {name: norm, type: local_response_norm, neighbour_channels: 4}
  - {name: most, type: max_pool, input: grouped, kernel: 3, stride: 2, padding: 1, ceil_mode: true, activation: leaky_relu}
  - {name: shuffled, type: channel_shuffle, groups: 4}
  - {name: difference, type: subtract, inputs: [norm, shuffled], activation: sigmoid}
  - {name: scaled, type: batch_norm}
  - {name: upper, type: slice, first_channel: 4, channels: 4}
  - {name: both, type: concat, inputs: [upper, scaled], activation: hard_sigmoid}
  - {name: classifier, type: linear, channels: 5, bias: true, activation: log_softmax}
)";

TEST(NetworkModule, GivesTheExecutorsOutputForOddLayers) {
  EXPECT_LT(largest_difference(parse_network_yaml(kOddNetwork, "odd").network, 2), 1e-5);
}

}  // namespace
}  // namespace crossloom
