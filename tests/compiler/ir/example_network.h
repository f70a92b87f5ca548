#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "compiler/ir/network.h"

namespace crossloom {

/// A network of the image alone, to which tests add layers.
[[nodiscard]] inline Network network_of(const TensorShape& input_shape) {
  Network network{.name = "example", .source = "test", .input_shape = input_shape};
  network.layers.push_back({.name = "image", .kind = LayerKind::kInput});
  return network;
}

/// `network` with one more layer, which reads the last one when it names no inputs.
[[nodiscard]] inline Network operator+(Network network, Layer layer) {
  if (layer.inputs.empty()) layer.inputs = {static_cast<std::int64_t>(network.layers.size()) - 1};
  network.layers.push_back(std::move(layer));
  return network;
}

[[nodiscard]] inline Layer convolution(std::string name, std::int64_t channels, std::int64_t kernel, std::int64_t stride = 1,
                                       std::int64_t padding = 0) {
  Layer layer{.name = std::move(name), .kind = LayerKind::kConvolution, .num_output_channels = channels};
  layer.window = {.kernel_height = kernel,
                  .kernel_width = kernel,
                  .stride_height = stride,
                  .stride_width = stride,
                  .pad_top = padding,
                  .pad_left = padding,
                  .pad_bottom = padding,
                  .pad_right = padding};
  return layer;
}

/// A layer of a kind without attributes.
[[nodiscard]] inline Layer plain(std::string name, LayerKind kind, std::vector<std::int64_t> inputs = {}) {
  return {.name = std::move(name), .kind = kind, .inputs = std::move(inputs)};
}

[[nodiscard]] inline Layer linear(std::string name, std::int64_t channels) {
  return {.name = std::move(name), .kind = LayerKind::kLinear, .num_output_channels = channels};
}

[[nodiscard]] inline Layer activation(std::string name, Activation function, std::vector<std::int64_t> inputs = {}) {
  return {.name = std::move(name), .kind = LayerKind::kActivation, .inputs = std::move(inputs), .activation = function};
}

/// Shape of the last layer.
[[nodiscard]] inline TensorShape output_shape(const Network& network) {
  return infer_shapes(network).layers.back().output_shape;
}

}  // namespace crossloom
