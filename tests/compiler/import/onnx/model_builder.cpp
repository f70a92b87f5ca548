#include "tests/compiler/import/onnx/model_builder.h"

#include <fmt/format.h>

#include <stdexcept>

namespace crossloom {
namespace {

template <class Enum>
std::string_view name_of(Enum value) {
  return enum_names(value)[static_cast<std::size_t>(value)];
}

}  // namespace

std::string outline(const Network& network) {
  std::string text;
  for (std::size_t i = 1; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    std::string inputs;
    for (const std::int64_t input : layer.inputs) {
      inputs += inputs.empty() ? "" : ", ";
      inputs += network.layers[static_cast<std::size_t>(input)].name;
    }
    const TensorShape& shape = layer.output_shape;
    text +=
        fmt::format("{} {}({}) {}x{}x{}", layer.name, name_of(layer.kind), inputs, shape.channels, shape.height, shape.width);
    if (layer.activation != Activation::kNone) text += fmt::format(" {}", name_of(layer.activation));
    text += '\n';
  }
  return text;
}

Layer layer_of(const Network& network, const std::string& name) {
  for (const Layer& layer : network.layers) {
    if (layer.name == name) return layer;
  }
  throw std::out_of_range("no layer " + name);
}

}  // namespace crossloom
