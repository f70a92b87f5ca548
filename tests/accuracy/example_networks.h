#pragma once

#include <string>
#include <vector>

#include "compiler/ir/network.h"
#include "compiler/ir/weight_store.h"
#include "support/random_stream.h"

namespace crossloom {

/// A network with numbers, made in a test.
struct ExampleNetwork {
  Network network;
  WeightStore weights;
};

inline StoredTensor stored(std::vector<std::int64_t> dims, std::vector<double> values) {
  StoredTensor tensor;
  tensor.dims = std::move(dims);
  tensor.type = ElementType::kFloat32;
  tensor.reals = std::move(values);
  return tensor;
}

inline std::vector<double> random_values(std::size_t count, std::uint64_t seed) {
  RandomStream random(seed, {});
  std::vector<double> values(count);
  for (double& value : values) value = 2.0 * random.next_uniform() - 1.0;
  return values;
}

inline void set_weights(WeightStore& store, const Layer& layer, std::int64_t input_channels, std::vector<double> weights,
                        std::vector<double> bias) {
  LayerTensors tensors;
  tensors.weights.emplace();
  tensors.weights->stored = stored(
      {layer.num_output_channels, input_channels, layer.window.kernel_height, layer.window.kernel_width}, std::move(weights));
  tensors.bias.emplace();
  tensors.bias->stored = stored({layer.num_output_channels}, std::move(bias));
  store.set(layer.name, std::move(tensors));
}

/// A residual network of random weights: convolution with ReLU, a signed depthwise convolution, a grouped one with stride, a
/// sum, max pooling and a linear layer of ten outputs.
inline ExampleNetwork random_network(std::uint64_t seed) {
  const auto window = [](std::int64_t kernel, std::int64_t stride, std::int64_t pad) {
    return WindowAttributes{.kernel_height = kernel,
                            .kernel_width = kernel,
                            .stride_height = stride,
                            .stride_width = stride,
                            .pad_top = pad,
                            .pad_left = pad,
                            .pad_bottom = pad,
                            .pad_right = pad};
  };
  Network network{.name = "random", .source = "test", .input_shape = {3, 6, 5}, .layers = {}};
  network.layers = {
      Layer{.name = "image", .kind = LayerKind::kInput},
      Layer{.name = "first",
            .kind = LayerKind::kConvolution,
            .inputs = {0},
            .window = window(3, 1, 1),
            .num_output_channels = 4,
            .has_bias = true,
            .activation = Activation::kRelu},
      Layer{.name = "depthwise",
            .kind = LayerKind::kConvolution,
            .inputs = {1},
            .window = window(3, 1, 1),
            .num_output_channels = 4,
            .num_groups = 4,
            .has_bias = true},
      Layer{.name = "sum", .kind = LayerKind::kAdd, .inputs = {1, 2}},
      Layer{.name = "grouped",
            .kind = LayerKind::kConvolution,
            .inputs = {3},
            .window = window(2, 2, 0),
            .num_output_channels = 6,
            .num_groups = 2,
            .has_bias = true,
            .activation = Activation::kRelu},
      Layer{.name = "pool", .kind = LayerKind::kMaxPool, .inputs = {4}, .window = window(2, 1, 0)},
      Layer{.name = "classifier", .kind = LayerKind::kLinear, .inputs = {5}, .num_output_channels = 10, .has_bias = true},
  };
  network = infer_shapes(network);
  ExampleNetwork result{.network = network, .weights = {}};
  for (const Layer& layer : network.layers) {
    if (layer.kind != LayerKind::kConvolution && layer.kind != LayerKind::kLinear) continue;
    const TensorShape& input = input_shape_of(network, layer);
    const std::int64_t channels = layer.kind == LayerKind::kLinear ? input.num_values() : input.channels / layer.num_groups;
    const auto count =
        static_cast<std::size_t>(layer.num_output_channels * channels * layer.window.kernel_height * layer.window.kernel_width);
    const auto num_outputs = static_cast<std::size_t>(layer.num_output_channels);
    set_weights(result.weights, layer, channels, random_values(count, seed + 1), random_values(num_outputs, seed + 2));
    seed += 2;
  }
  return result;
}

}  // namespace crossloom
