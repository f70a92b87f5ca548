#pragma once

#include <string>
#include <utility>

#include "tests/compiler/ir/example_network.h"

/// Further layers for example networks.
namespace crossloom {

[[nodiscard]] inline Layer depthwise(std::string name, std::int64_t channels, std::int64_t kernel, std::int64_t stride = 1,
                                     std::int64_t padding = 0) {
  Layer layer = convolution(std::move(name), channels, kernel, stride, padding);
  layer.num_groups = channels;
  return layer;
}

[[nodiscard]] inline Layer max_pool(std::string name, std::int64_t kernel, std::int64_t stride, std::int64_t padding = 0) {
  Layer layer = convolution(std::move(name), 0, kernel, stride, padding);
  layer.kind = LayerKind::kMaxPool;
  return layer;
}

[[nodiscard]] inline Layer slice(std::string name, std::int64_t first, std::int64_t count) {
  return {.name = std::move(name), .kind = LayerKind::kSlice, .num_output_channels = count, .first_channel = first};
}

[[nodiscard]] inline Layer pad(std::string name, std::int64_t top, std::int64_t left, std::int64_t bottom, std::int64_t right) {
  Layer layer{.name = std::move(name), .kind = LayerKind::kPad};
  layer.window.pad_top = top;
  layer.window.pad_left = left;
  layer.window.pad_bottom = bottom;
  layer.window.pad_right = right;
  return layer;
}

/// `layer` reading layers by index.
[[nodiscard]] inline Layer reading(Layer layer, std::vector<std::int64_t> inputs) {
  layer.inputs = std::move(inputs);
  return layer;
}

}  // namespace crossloom
