#include <fmt/format.h>

#include <utility>

#include "compiler/ir/network.h"

namespace crossloom {
namespace {

std::string text(const TensorShape& shape) { return fmt::format("{}x{}x{}", shape.channels, shape.height, shape.width); }

TensorShape within_limits(const TensorShape& shape, const Layer& layer) {
  for (const std::int64_t extent : {shape.channels, shape.height, shape.width}) {
    if (extent < 1 || extent > kMaxExtent)
      throw LayerError(layer.name, fmt::format("output {}, allowed: each extent from 1 to {}", text(shape), kMaxExtent));
  }
  // Each extent is at most 2^20, so the product fits into 64 bits.
  if (shape.num_values() > kMaxTensorValues)
    throw LayerError(layer.name, fmt::format("output {}, allowed: at most {} values", text(shape), kMaxTensorValues));
  return shape;
}

/// One direction of a sliding window.
struct WindowSpan {
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t pad_before = 0;
  std::int64_t pad_after = 0;
  bool ceil_mode = false;
};

/// Window positions along `input` pixels; 0 when not even one fits.
std::int64_t num_positions(std::int64_t input, const WindowSpan& span) {
  std::int64_t room = input + span.pad_before + span.pad_after - span.dilation * (span.kernel - 1) - 1;
  if (span.ceil_mode) room += span.stride - 1;
  if (room < 0) return 0;
  const std::int64_t positions = room / span.stride + 1;
  const bool is_last_in_padding = span.ceil_mode && (positions - 1) * span.stride >= input + span.pad_before;
  return is_last_in_padding ? positions - 1 : positions;
}

TensorShape windowed(const TensorShape& input, std::int64_t channels, const Layer& layer) {
  const WindowAttributes& window = layer.window;
  const TensorShape output{
      .channels = channels,
      .height = num_positions(input.height, {window.kernel_height, window.stride_height, window.dilation_height, window.pad_top,
                                             window.pad_bottom, window.ceil_mode}),
      .width = num_positions(input.width, {window.kernel_width, window.stride_width, window.dilation_width, window.pad_left,
                                           window.pad_right, window.ceil_mode})};
  if (output.height < 1 || output.width < 1) {
    throw LayerError(
        layer.name,
        fmt::format("kernel {}x{}{} is larger than the padded input {}x{}", window.kernel_height, window.kernel_width,
                    window.dilation_height > 1 || window.dilation_width > 1
                        ? fmt::format(" (dilation {}x{})", window.dilation_height, window.dilation_width)
                        : "",
                    input.height + window.pad_top + window.pad_bottom, input.width + window.pad_left + window.pad_right));
  }
  return output;
}

void require_divisible(const Layer& layer, std::string_view what, std::int64_t channels) {
  if (channels % layer.num_groups == 0) return;
  throw LayerError(layer.name, fmt::format("{} {} channels do not divide into {} groups", channels, what, layer.num_groups));
}

/// Grows `extent` to that of another operand; false when neither can be repeated to match.
bool broadcast(std::int64_t& extent, std::int64_t other) {
  if (extent == 1) extent = other;
  return other == 1 || other == extent;
}

TensorShape broadcast_operands(const Network& network, const Layer& layer) {
  TensorShape output = input_shape_of(network, layer);
  for (std::size_t operand = 1; operand < layer.inputs.size(); ++operand) {
    const TensorShape& other = input_shape_of(network, layer, operand);
    if (broadcast(output.channels, other.channels) && broadcast(output.height, other.height) &&
        broadcast(output.width, other.width))
      continue;
    throw LayerError(layer.name, fmt::format("operands {} and {}, allowed: equal shapes, or extents of 1, which are repeated",
                                             text(input_shape_of(network, layer)), text(other)));
  }
  return output;
}

TensorShape concatenated(const Network& network, const Layer& layer) {
  TensorShape output = input_shape_of(network, layer);
  for (std::size_t operand = 1; operand < layer.inputs.size(); ++operand) {
    const TensorShape& other = input_shape_of(network, layer, operand);
    if (other.height != output.height || other.width != output.width) {
      throw LayerError(layer.name, fmt::format("operands {} and {}, allowed: equal heights and widths",
                                               text(input_shape_of(network, layer)), text(other)));
    }
    output.channels += other.channels;
  }
  return output;
}

TensorShape sliced(const TensorShape& input, const Layer& layer) {
  if (layer.first_channel + layer.num_output_channels > input.channels) {
    throw LayerError(layer.name, fmt::format("channels {} to {} of an input of {} channels", layer.first_channel,
                                             layer.first_channel + layer.num_output_channels - 1, input.channels));
  }
  return {.channels = layer.num_output_channels, .height = input.height, .width = input.width};
}

TensorShape cropped(const TensorShape& input, const Layer& layer) {
  const TensorShape output{.channels = input.channels,
                           .height = input.height - layer.window.pad_top - layer.window.pad_bottom,
                           .width = input.width - layer.window.pad_left - layer.window.pad_right};
  if (output.height < 1 || output.width < 1)
    throw LayerError(layer.name, "leaves nothing of an input " + text(input) + ", allowed: at least one pixel");
  return output;
}

void require_reorder(const TensorShape& input, const Layer& layer) {
  std::int64_t count = 1;
  for (const std::int64_t extent : layer.reorder.extents) count *= extent;  // check_network: at most kMaxTensorValues
  const bool has_order = !layer.reorder.extents.empty();
  if ((has_order && count != input.num_values()) || layer.given_shape.num_values() != input.num_values())
    throw LayerError(layer.name, fmt::format("an input {} read as {} values, output {}, allowed: as many values", text(input),
                                             has_order ? count : input.num_values(), text(layer.given_shape)));
}

TensorShape unlimited_output_shape(const Network& network, const Layer& layer) {
  switch (layer.kind) {
    case LayerKind::kInput:
      return network.input_shape;
    case LayerKind::kConvolution:
      require_divisible(layer, "input", input_shape_of(network, layer).channels);
      require_divisible(layer, "output", layer.num_output_channels);
      return windowed(input_shape_of(network, layer), layer.num_output_channels, layer);
    case LayerKind::kLinear:
      return {.channels = layer.num_output_channels, .height = 1, .width = 1};
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
      return windowed(input_shape_of(network, layer), input_shape_of(network, layer).channels, layer);
    case LayerKind::kGlobalAveragePool:
      return {.channels = input_shape_of(network, layer).channels, .height = 1, .width = 1};
    case LayerKind::kAdd:
    case LayerKind::kMultiply:
    case LayerKind::kSubtract:
    case LayerKind::kDivide:
      return broadcast_operands(network, layer);
    case LayerKind::kConcat:
      return concatenated(network, layer);
    case LayerKind::kFlatten:
      return {.channels = input_shape_of(network, layer).num_values(), .height = 1, .width = 1};
    case LayerKind::kSlice:
      return sliced(input_shape_of(network, layer), layer);
    case LayerKind::kChannelShuffle:
      require_divisible(layer, "input", input_shape_of(network, layer).channels);
      return input_shape_of(network, layer);
    case LayerKind::kPad: {
      TensorShape output = input_shape_of(network, layer);
      output.height += layer.window.pad_top + layer.window.pad_bottom;
      output.width += layer.window.pad_left + layer.window.pad_right;
      return output;
    }
    case LayerKind::kCrop:
      return cropped(input_shape_of(network, layer), layer);
    case LayerKind::kReorder:
      require_reorder(input_shape_of(network, layer), layer);
      return layer.given_shape;
    case LayerKind::kVectorOperation:
      return layer.given_shape;
    case LayerKind::kActivation:
    case LayerKind::kBatchNorm:
    case LayerKind::kLocalResponseNorm:
      return input_shape_of(network, layer);
  }
  throw InternalError("LayerKind outside its range");
}

}  // namespace

TensorShape infer_output_shape(const Network& network, const Layer& layer) {
  return within_limits(unlimited_output_shape(network, layer), layer);
}

Network infer_shapes(Network network) {
  check_network(network);
  for (Layer& layer : network.layers) layer.output_shape = infer_output_shape(network, layer);
  return network;
}

}  // namespace crossloom
