#include <initializer_list>

#include "compiler/ir/network.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

std::int64_t product(const Layer& layer, const char* what, std::initializer_list<std::int64_t> factors) {
  try {
    std::int64_t result = 1;
    for (const std::int64_t factor : factors) result = checked_mul(result, factor, what);
    return result;
  } catch (const UserError& error) {
    throw LayerError(layer.name, error.what());
  }
}

/// Weights of a convolution that belong to one output channel.
std::int64_t weights_of_a_channel(const Network& network, const Layer& layer, const char* what) {
  return product(
      layer, what,
      {input_shape_of(network, layer).channels / layer.num_groups, layer.window.kernel_height, layer.window.kernel_width});
}

template <class Count>
std::int64_t sum_over_layers(const Network& network, const char* what, Count count) {
  std::int64_t sum = 0;
  for (const Layer& layer : network.layers) sum = checked_add(sum, count(network, layer), what);
  return sum;
}

constexpr const char* kParameters = "number of parameters";
constexpr const char* kMacs = "number of multiply-accumulates";

std::int64_t num_weights(const Network& network, const Layer& layer) {
  switch (layer.kind) {
    case LayerKind::kConvolution:
      return product(layer, kParameters, {layer.num_output_channels, weights_of_a_channel(network, layer, kParameters)});
    case LayerKind::kLinear:
      return product(layer, kParameters, {layer.num_output_channels, input_shape_of(network, layer).num_values()});
    case LayerKind::kBatchNorm:
      return 2 * input_shape_of(network, layer).channels;
    case LayerKind::kInput:
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
    case LayerKind::kGlobalAveragePool:
    case LayerKind::kActivation:
    case LayerKind::kAdd:
    case LayerKind::kMultiply:
    case LayerKind::kConcat:
    case LayerKind::kFlatten:
    case LayerKind::kSubtract:
    case LayerKind::kDivide:
    case LayerKind::kSlice:
    case LayerKind::kChannelShuffle:
    case LayerKind::kPad:
    case LayerKind::kLocalResponseNorm:
    case LayerKind::kCrop:
    case LayerKind::kReorder:
    case LayerKind::kVectorOperation:
      return 0;
  }
  throw InternalError("LayerKind outside its range");
}

}  // namespace

std::int64_t num_parameters(const Network& network, const Layer& layer) {
  const std::int64_t biases = layer.has_bias ? layer.num_output_channels : 0;
  const std::int64_t batch_norm = layer.has_batch_norm ? 2 * layer.num_output_channels : 0;
  return checked_add(num_weights(network, layer), biases + batch_norm, kParameters);
}

std::int64_t num_parameters(const Network& network) {
  return sum_over_layers(network, kParameters, [](const Network& of, const Layer& layer) { return num_parameters(of, layer); });
}

std::int64_t num_folded_parameters(const Network& network, const Layer& layer) {
  const bool has_bias = layer.has_bias || layer.has_batch_norm;
  return checked_add(num_weights(network, layer), has_bias ? layer.num_output_channels : 0, kParameters);
}

std::int64_t num_folded_parameters(const Network& network) {
  return sum_over_layers(network, kParameters,
                         [](const Network& of, const Layer& layer) { return num_folded_parameters(of, layer); });
}

std::int64_t num_macs(const Network& network, const Layer& layer) {
  if (layer.kind == LayerKind::kConvolution)
    return product(layer, kMacs, {layer.output_shape.num_values(), weights_of_a_channel(network, layer, kMacs)});
  if (layer.kind == LayerKind::kLinear)
    return product(layer, kMacs, {layer.num_output_channels, input_shape_of(network, layer).num_values()});
  return 0;
}

std::int64_t num_macs(const Network& network) {
  return sum_over_layers(network, kMacs, [](const Network& of, const Layer& layer) { return num_macs(of, layer); });
}

}  // namespace crossloom
