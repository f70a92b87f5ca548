#include <algorithm>

#include "compiler/ir/network.h"

namespace crossloom {
namespace {

/// Whether values that can be negative stay so.
bool keeps_negative_values(Activation activation) {
  switch (activation) {
    case Activation::kRelu:
    case Activation::kRelu6:
    case Activation::kHardSigmoid:
    case Activation::kSigmoid:
    case Activation::kSoftmax:
      return false;
    case Activation::kNone:
    case Activation::kLeakyRelu:
    case Activation::kHardSwish:
    case Activation::kSilu:
    case Activation::kTanh:
    case Activation::kLogSoftmax:
      return true;
  }
  throw InternalError("Activation outside its range");
}

/// Of the layer's output while its activation keeps negative values. No other activation than the logarithm of a softmax makes
/// a non-negative value negative.
bool is_signed_before_activation(const Network& network, const Layer& layer, const std::vector<bool>& is_signed) {
  if (layer.activation == Activation::kLogSoftmax) return true;
  switch (layer.kind) {
    case LayerKind::kInput:
      return network.has_signed_input;
    case LayerKind::kConvolution:
    case LayerKind::kLinear:
    case LayerKind::kSubtract:
    case LayerKind::kBatchNorm:
    case LayerKind::kVectorOperation:
      return true;
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
    case LayerKind::kGlobalAveragePool:
    case LayerKind::kActivation:
    case LayerKind::kAdd:
    case LayerKind::kMultiply:
    case LayerKind::kConcat:
    case LayerKind::kFlatten:
    case LayerKind::kDivide:
    case LayerKind::kSlice:
    case LayerKind::kChannelShuffle:
    case LayerKind::kPad:
    case LayerKind::kLocalResponseNorm:
    case LayerKind::kCrop:
    case LayerKind::kReorder:
      return std::ranges::any_of(layer.inputs,
                                 [&](std::int64_t input) { return is_signed.at(static_cast<std::size_t>(input)); });
  }
  throw InternalError("LayerKind outside its range");
}

/// Of layers [0, num_layers). A pass in topological order: recursion over a graph of shared inputs would be exponential.
std::vector<bool> signed_outputs_before(const Network& network, std::size_t num_layers) {
  std::vector<bool> is_signed;
  is_signed.reserve(num_layers);
  for (std::size_t i = 0; i < num_layers; ++i) {
    const Layer& layer = network.layers.at(i);
    is_signed.push_back(keeps_negative_values(layer.activation) && is_signed_before_activation(network, layer, is_signed));
  }
  return is_signed;
}

}  // namespace

bool has_signed_output(const Network& network, const Layer& layer) {
  if (!keeps_negative_values(layer.activation)) return false;
  const std::int64_t last_input = layer.inputs.empty() ? -1 : std::ranges::max(layer.inputs);
  return is_signed_before_activation(network, layer, signed_outputs_before(network, static_cast<std::size_t>(last_input + 1)));
}

std::vector<bool> signed_outputs(const Network& network) { return signed_outputs_before(network, network.layers.size()); }

}  // namespace crossloom
