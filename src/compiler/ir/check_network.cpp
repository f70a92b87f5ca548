#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "compiler/ir/network.h"

namespace crossloom {
namespace {

/// How many inputs a layer of a kind takes.
struct Arity {
  std::size_t min = 1;
  std::size_t max = 1;
};

Arity arity(LayerKind kind) {
  switch (kind) {
    case LayerKind::kInput:
      return {.min = 0, .max = 0};
    case LayerKind::kAdd:
    case LayerKind::kConcat:
      return {.min = 2, .max = static_cast<std::size_t>(kMaxExtent)};
    case LayerKind::kMultiply:
    case LayerKind::kSubtract:
    case LayerKind::kDivide:
      return {.min = 2, .max = 2};
    case LayerKind::kVectorOperation:
      return {.min = 1, .max = static_cast<std::size_t>(kMaxExtent)};
    case LayerKind::kConvolution:
    case LayerKind::kLinear:
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
    case LayerKind::kGlobalAveragePool:
    case LayerKind::kActivation:
    case LayerKind::kFlatten:
    case LayerKind::kSlice:
    case LayerKind::kChannelShuffle:
    case LayerKind::kPad:
    case LayerKind::kBatchNorm:
    case LayerKind::kLocalResponseNorm:
    case LayerKind::kCrop:
    case LayerKind::kReorder:
      return {};
  }
  throw InternalError("LayerKind outside its range");
}

std::string_view kind_name(const Layer& layer) { return enum_names(layer.kind)[static_cast<std::size_t>(layer.kind)]; }

void require_range(const Layer& layer, std::string_view what, std::int64_t value, std::int64_t min) {
  if (value >= min && value <= kMaxExtent) return;
  throw LayerError(layer.name, fmt::format("{} {}, allowed: an integer from {} to {}", what, value, min, kMaxExtent));
}

void check_inputs(const Layer& layer, std::int64_t index) {
  const Arity allowed = arity(layer.kind);
  const std::size_t given = layer.inputs.size();
  if (given < allowed.min || given > allowed.max) {
    throw LayerError(layer.name, fmt::format("{} {}, allowed for {}: {}{}", given, given == 1 ? "input" : "inputs",
                                             kind_name(layer), allowed.min, allowed.max > allowed.min ? " or more" : ""));
  }
  for (const std::int64_t input : layer.inputs) {
    if (input < 0 || input >= index)
      throw LayerError(layer.name, fmt::format("input {} of layer {}, allowed: an earlier layer", input, index));
  }
}

void check_padding(const Layer& layer) {
  require_range(layer, "padding", layer.window.pad_top, 0);
  require_range(layer, "padding", layer.window.pad_left, 0);
  require_range(layer, "padding", layer.window.pad_bottom, 0);
  require_range(layer, "padding", layer.window.pad_right, 0);
}

void check_window(const Layer& layer) {
  const WindowAttributes& window = layer.window;
  require_range(layer, "kernel height", window.kernel_height, 1);
  require_range(layer, "kernel width", window.kernel_width, 1);
  require_range(layer, "stride", window.stride_height, 1);
  require_range(layer, "stride", window.stride_width, 1);
  require_range(layer, "dilation", window.dilation_height, 1);
  require_range(layer, "dilation", window.dilation_width, 1);
  check_padding(layer);
}

/// A pooling window that saw nothing but padding would have no value.
void check_pooling_padding(const Layer& layer) {
  const WindowAttributes& window = layer.window;
  const std::int64_t rows = window.dilation_height * (window.kernel_height - 1) + 1;
  const std::int64_t cols = window.dilation_width * (window.kernel_width - 1) + 1;
  if (std::max(window.pad_top, window.pad_bottom) >= rows || std::max(window.pad_left, window.pad_right) >= cols)
    throw LayerError(layer.name, fmt::format("padding as wide as the pooling window {}x{}, allowed: less", rows, cols));
}

void check_given_shape(const Layer& layer) {
  const TensorShape& shape = layer.given_shape;
  for (const std::int64_t extent : {shape.channels, shape.height, shape.width})
    require_range(layer, "output extent", extent, 1);
}

void check_axis_order(const Layer& layer) {
  const AxisOrder& reorder = layer.reorder;
  if (reorder.extents.size() != reorder.order.size())
    throw LayerError(layer.name, fmt::format("{} axes in the order of {}, allowed: each axis once", reorder.order.size(),
                                             reorder.extents.size()));
  std::int64_t count = 1;
  for (const std::int64_t extent : reorder.extents) {
    if (extent < 1 || extent > kMaxTensorValues / count)
      throw LayerError(layer.name,
                       fmt::format("an axis of {}, allowed: at least 1, at most {} values together", extent, kMaxTensorValues));
    count *= extent;
  }
  std::vector<bool> is_named(reorder.order.size(), false);
  for (const std::int64_t axis : reorder.order) {
    if (axis < 0 || axis >= static_cast<std::int64_t>(is_named.size()) || is_named[static_cast<std::size_t>(axis)])
      throw LayerError(layer.name, fmt::format("axis {} in the order, allowed: each of 0 to {} once", axis,
                                               static_cast<std::int64_t>(is_named.size()) - 1));
    is_named[static_cast<std::size_t>(axis)] = true;
  }
}

void check_activation(const Layer& layer) {
  if (!layer.activation_slope) return;
  if (layer.activation != Activation::kLeakyRelu && layer.activation != Activation::kHardSigmoid)
    throw LayerError(layer.name, "a slope, allowed: with leaky_relu or hard_sigmoid");
  if (!std::isfinite(*layer.activation_slope))
    throw LayerError(layer.name, fmt::format("slope {}, allowed: a finite number", *layer.activation_slope));
}

void check_consumers(const Network& network) {
  std::vector<bool> is_used(network.layers.size(), false);
  is_used.back() = true;
  for (const Layer& layer : network.layers) {
    for (const std::int64_t input : layer.inputs) is_used[static_cast<std::size_t>(input)] = true;
  }
  for (std::size_t i = 0; i < is_used.size(); ++i) {
    if (!is_used[i])
      throw LayerError(network.layers[i].name, fmt::format("nothing reads its output, and the output of the network is {}",
                                                           network.layers.back().name));
  }
}

}  // namespace

void check_attributes(const Layer& layer) {
  check_activation(layer);
  const bool has_weights = layer.kind == LayerKind::kConvolution || layer.kind == LayerKind::kLinear;
  if (!has_weights && (layer.has_bias || layer.has_batch_norm))
    throw LayerError(layer.name, fmt::format("bias or folded batch norm in a layer of kind {}", kind_name(layer)));
  const bool is_pooling = layer.kind == LayerKind::kMaxPool || layer.kind == LayerKind::kAveragePool;
  if (layer.window.ceil_mode && !is_pooling)
    throw LayerError(layer.name, fmt::format("ceil mode in a layer of kind {}, allowed: pooling", kind_name(layer)));

  switch (layer.kind) {
    case LayerKind::kConvolution:
      check_window(layer);
      require_range(layer, "channels", layer.num_output_channels, 1);
      require_range(layer, "groups", layer.num_groups, 1);
      return;
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
      check_window(layer);
      check_pooling_padding(layer);
      return;
    case LayerKind::kLinear:
      require_range(layer, "channels", layer.num_output_channels, 1);
      return;
    case LayerKind::kSlice:
      require_range(layer, "first channel", layer.first_channel, 0);
      require_range(layer, "channels", layer.num_output_channels, 1);
      return;
    case LayerKind::kChannelShuffle:
      require_range(layer, "groups", layer.num_groups, 1);
      return;
    case LayerKind::kPad:
    case LayerKind::kCrop:
      check_padding(layer);
      return;
    case LayerKind::kReorder:
      check_axis_order(layer);
      check_given_shape(layer);
      return;
    case LayerKind::kVectorOperation:
      check_given_shape(layer);
      return;
    case LayerKind::kLocalResponseNorm:
      require_range(layer, "neighbour channels", layer.num_neighbour_channels, 1);
      return;
    case LayerKind::kActivation:
      if (layer.activation == Activation::kNone) throw LayerError(layer.name, "an activation layer without an activation");
      return;
    case LayerKind::kInput:
      if (layer.activation != Activation::kNone) throw LayerError(layer.name, "an activation at the input");
      return;
    case LayerKind::kGlobalAveragePool:
    case LayerKind::kAdd:
    case LayerKind::kMultiply:
    case LayerKind::kConcat:
    case LayerKind::kFlatten:
    case LayerKind::kSubtract:
    case LayerKind::kDivide:
    case LayerKind::kBatchNorm:
      return;
  }
  throw InternalError("LayerKind outside its range");
}

void check_network(const Network& network) {
  if (network.layers.size() < 2 || network.layers.front().kind != LayerKind::kInput)
    throw UserError("network " + network.name + ": allowed: an input layer first, then at least one other");
  std::unordered_set<std::string_view> names;
  std::int64_t index = 0;
  for (const Layer& layer : network.layers) {
    if (layer.name.empty()) throw LayerError(layer.name, fmt::format("layer {} has an empty name", index));
    if (!names.insert(layer.name).second) throw LayerError(layer.name, "the name is used twice");
    if (index > 0 && layer.kind == LayerKind::kInput) throw LayerError(layer.name, "a second input, allowed: one");
    check_inputs(layer, index);
    check_attributes(layer);
    ++index;
  }
  check_consumers(network);
}

}  // namespace crossloom
