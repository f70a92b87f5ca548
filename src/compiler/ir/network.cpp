#include "compiler/ir/network.h"

#include <array>
#include <utility>

namespace crossloom {

std::span<const std::string_view> enum_names(LayerKind) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"input",      "convolution", "linear",          "max_pool", "average_pool", "global_average_pool",
       "activation", "add",         "multiply",        "concat",   "flatten",      "subtract",
       "divide",     "slice",       "channel_shuffle", "pad",      "batch_norm",   "local_response_norm",
       "crop",       "reorder",     "vector_operation"});
  static_assert(kNames.size() == static_cast<std::size_t>(LayerKind::kVectorOperation) + 1);
  return kNames;
}

std::span<const std::string_view> enum_names(Activation) {
  static constexpr auto kNames =
      std::to_array<std::string_view>({"none", "relu", "relu6", "leaky_relu", "hard_swish", "hard_sigmoid", "sigmoid", "silu",
                                       "tanh", "softmax", "log_softmax"});
  static_assert(kNames.size() == static_cast<std::size_t>(Activation::kLogSoftmax) + 1);
  return kNames;
}

LayerError::LayerError(std::string layer, std::string problem)
    : UserError("layer " + layer + ": " + problem), layer_(std::move(layer)), problem_(std::move(problem)) {}

const TensorShape& input_shape_of(const Network& network, const Layer& layer, std::size_t operand) {
  return network.layers.at(static_cast<std::size_t>(layer.inputs.at(operand))).output_shape;
}

}  // namespace crossloom
