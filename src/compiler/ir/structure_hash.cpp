#include "compiler/ir/structure_hash.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "support/json.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

std::string text_of(const TensorShape& shape) { return fmt::format("{}x{}x{}", shape.channels, shape.height, shape.width); }

std::string text_of(const WindowAttributes& window) {
  return fmt::format("{}x{}/{}x{}/{}x{}/{} {} {} {}/{}{}", window.kernel_height, window.kernel_width, window.stride_height,
                     window.stride_width, window.dilation_height, window.dilation_width, window.pad_top, window.pad_left,
                     window.pad_bottom, window.pad_right, window.ceil_mode, window.counts_padding);
}

std::string text_of(const LocalResponse& response) {
  return shortest_text(double{response.alpha}) + ' ' + shortest_text(double{response.beta}) + ' ' +
         shortest_text(double{response.bias});
}

std::string text_of(const Layer& layer) {
  const std::string slope = layer.activation_slope ? shortest_text(double{*layer.activation_slope}) : "";
  return fmt::format("{};{};{};{};{};{};{};{};{};{};{};{};{};{};{};{};{}\n", layer.name,
                     enum_names(layer.kind)[static_cast<std::size_t>(layer.kind)], fmt::join(layer.inputs, " "),
                     text_of(layer.window), layer.num_output_channels, layer.first_channel, layer.num_groups,
                     layer.num_neighbour_channels, text_of(layer.local_response), fmt::join(layer.reorder.extents, " "),
                     fmt::join(layer.reorder.order, " "), text_of(layer.given_shape), layer.has_bias, layer.has_batch_norm,
                     static_cast<int>(layer.activation), slope, text_of(layer.output_shape));
}

}  // namespace

std::string structure_hash(const Network& network) {
  std::string text = fmt::format("{};{}\n", text_of(network.input_shape), network.has_signed_input);
  for (const Layer& layer : network.layers) text += text_of(layer);
  return content_hash(text);
}

}  // namespace crossloom
