#include "training/classifier_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "support/error.h"

namespace crossloom {

Network with_num_classes(Network network, std::int64_t num_classes) {
  if (network.layers.back().output_shape.num_values() == num_classes) return network;
  const auto head = std::ranges::find_if(network.layers.rbegin(), network.layers.rend(), [](const Layer& layer) {
    return layer.kind == LayerKind::kConvolution || layer.kind == LayerKind::kLinear;
  });
  const std::int64_t num_outputs = network.layers.back().output_shape.num_values();
  if (head != network.layers.rend() && head->num_groups == 1) {
    head->num_output_channels = num_classes;
    Network adapted = infer_shapes(std::move(network));
    if (adapted.layers.back().output_shape.num_values() == num_classes) return adapted;
  }
  throw UserError(fmt::format("the network has {} outputs, the data {} classes", num_outputs, num_classes));
}

std::string classifier_problem(const Network& network, const TensorShape& images, std::int64_t num_classes) {
  const TensorShape& input = network.input_shape;
  const std::int64_t num_outputs = network.layers.back().output_shape.num_values();
  if (input == images && num_outputs == num_classes) return {};
  return fmt::format("{} takes images of {}x{}x{} and knows {} classes, needed: {}x{}x{} and {}", network.name, input.channels,
                     input.height, input.width, num_outputs, images.channels, images.height, images.width, num_classes);
}

}  // namespace crossloom
