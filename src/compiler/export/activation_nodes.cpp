#include "compiler/export/activation_nodes.h"

#include "support/error.h"

namespace crossloom {
namespace {

/// max(0, min(1, slope x + 1/2)); a slope of 1/6 is Howard et al.'s, ICCV 2019.
std::string hard_sigmoid(OnnxGraphBuilder& graph, const std::string& name, const std::string& value, float slope) {
  return graph.node("HardSigmoid", name, {value},
                    {onnx_real_attribute("alpha", static_cast<double>(slope)), onnx_real_attribute("beta", 0.5)});
}

constexpr float kLeakySlope = 0.01F;
constexpr float kHardSigmoidSlope = 1.0F / 6.0F;

}  // namespace

std::string add_activation_nodes(OnnxGraphBuilder& graph, const Layer& layer, const std::string& value,
                                 const std::string& name) {
  switch (layer.activation) {
    case Activation::kRelu:
      return graph.node("Relu", name, {value});
    case Activation::kRelu6:
      return graph.node("Clip", name, {value, graph.real(layer.name, "min", 0), graph.real(layer.name, "max", 6)});
    case Activation::kLeakyRelu:
      return graph.node("LeakyRelu", name, {value},
                        {onnx_real_attribute("alpha", static_cast<double>(layer.activation_slope.value_or(kLeakySlope)))});
    case Activation::kHardSwish:
      return graph.node("Mul", name,
                        {value, hard_sigmoid(graph, graph.helper_name(layer.name, "gate"), value, kHardSigmoidSlope)});
    case Activation::kHardSigmoid:
      return hard_sigmoid(graph, name, value, layer.activation_slope.value_or(kHardSigmoidSlope));
    case Activation::kSigmoid:
      return graph.node("Sigmoid", name, {value});
    case Activation::kSilu:
      return graph.node("Mul", name, {value, graph.node("Sigmoid", graph.helper_name(layer.name, "gate"), {value})});
    case Activation::kTanh:
      return graph.node("Tanh", name, {value});
    case Activation::kSoftmax:
      return graph.node("Softmax", name, {value}, {onnx_attribute("axis", 1)});
    case Activation::kLogSoftmax:
      return graph.node("LogSoftmax", name, {value}, {onnx_attribute("axis", 1)});
    case Activation::kNone:
      break;
  }
  throw InternalError("layer " + layer.name + " has no activation to export");
}

}  // namespace crossloom
