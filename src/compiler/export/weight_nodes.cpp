#include "compiler/export/weight_nodes.h"

#include <utility>

namespace crossloom {
namespace {

std::string add_tensor(OnnxGraphBuilder& graph, const LayerWeights& weights, const std::string& part,
                       std::vector<std::int64_t> dims, const WeightTensor& tensor) {
  if (!tensor.stored.has_numbers())
    throw LayerError(weights.layer.name, "the numbers of its " + part +
                                             " are not known, as the file computes them (--without-weights leaves all out)");
  return graph.weights(weights.layer.name, part, std::move(dims), tensor);
}

/// The tensor, or a constant that changes nothing where a normalization has none.
std::string add_or_fill(OnnxGraphBuilder& graph, const LayerWeights& weights, const std::string& part,
                        const std::optional<WeightTensor>& tensor, double otherwise) {
  if (tensor) return add_tensor(graph, weights, part, {weights.num_channels}, *tensor);
  return graph.filled(weights.layer.name, part, {weights.num_channels}, otherwise);
}

/// Nodes that do one normalization after the other.
class NormalizationNodes {
 public:
  NormalizationNodes(OnnxGraphBuilder& graph, const LayerWeights& weights, ExportedValue value)
      : graph_(graph), weights_(weights), value_(std::move(value)) {}

  void add(const NormalizationTensors& step) {
    // A divisor stands between factor and shift, so the shift comes behind it.
    const bool shifts_last = !step.variance || step.divisor;
    if (step.variance) {
      add_batch_normalization(step, shifts_last ? std::nullopt : step.shift);
    } else {
      add_arithmetic("Sub", "mean", step.mean);
      add_arithmetic("Mul", "scale", step.scale);
    }
    add_arithmetic("Div", "divisor", step.divisor);
    if (shifts_last) add_arithmetic("Add", "shift", step.shift);
  }

  [[nodiscard]] ExportedValue value() const { return value_; }

 private:
  [[nodiscard]] std::string next_name(const std::string& part) {
    const bool is_first = std::exchange(is_first_, false);
    if (is_first && weights_.layer.kind == LayerKind::kBatchNorm) return weights_.layer.name;
    return graph_.helper_name(weights_.layer.name, part);
  }

  void add_batch_normalization(const NormalizationTensors& step, const std::optional<WeightTensor>& shift) {
    const std::string name = next_name("batch_norm");
    std::vector<std::string> inputs{
        value_.name, add_or_fill(graph_, weights_, "scale", step.scale, 1), add_or_fill(graph_, weights_, "shift", shift, 0),
        add_or_fill(graph_, weights_, "mean", step.mean, 0), add_or_fill(graph_, weights_, "variance", step.variance, 1)};
    value_.name = graph_.node("BatchNormalization", name, std::move(inputs), {onnx_real_attribute("epsilon", step.epsilon)});
  }

  void add_arithmetic(const std::string& op_type, const std::string& part, const std::optional<WeightTensor>& tensor) {
    if (!tensor) return;
    std::vector<std::int64_t> dims{num_elements(tensor->stored.dims)};
    if (value_.rank == 4) dims.insert(dims.end(), {1, 1});
    const std::string constant = add_tensor(graph_, weights_, part, std::move(dims), *tensor);
    value_.name = graph_.node(op_type, next_name(op_type), {value_.name, constant});
  }

  OnnxGraphBuilder& graph_;
  const LayerWeights& weights_;
  ExportedValue value_;
  bool is_first_ = true;
};

constexpr double kUsualEpsilon = 1e-5;  // ONNX's and PyTorch's default

}  // namespace

std::vector<std::string> add_weight_operands(OnnxGraphBuilder& graph, const LayerWeights& weights,
                                             std::vector<std::int64_t> dims) {
  const Layer& layer = weights.layer;
  if (weights.tensors == nullptr) {
    std::vector<std::string> operands{graph.filled(layer.name, "weights", std::move(dims), 0)};
    if (layer.has_bias) operands.push_back(graph.filled(layer.name, "bias", {weights.num_channels}, 0));
    return operands;
  }
  if (!weights.tensors->weights) throw LayerError(layer.name, "has no weights (--without-weights leaves all out)");
  std::vector<std::string> operands{add_tensor(graph, weights, "weights", std::move(dims), *weights.tensors->weights)};
  if (weights.tensors->bias)
    operands.push_back(add_tensor(graph, weights, "bias", {weights.num_channels}, *weights.tensors->bias));
  return operands;
}

ExportedValue add_normalization_nodes(OnnxGraphBuilder& graph, const LayerWeights& weights, ExportedValue value) {
  const Layer& layer = weights.layer;
  if (weights.tensors == nullptr) {
    if (!layer.has_batch_norm && layer.kind != LayerKind::kBatchNorm) return value;
    const std::string name = layer.kind == LayerKind::kBatchNorm ? layer.name : graph.helper_name(layer.name, "batch_norm");
    std::vector<std::string> inputs{value.name};
    for (const auto& [part, number] : {std::pair("scale", 1), {"shift", 0}, {"mean", 0}, {"variance", 1}})
      inputs.push_back(graph.filled(layer.name, part, {weights.num_channels}, number));
    value.name = graph.node("BatchNormalization", name, std::move(inputs), {onnx_real_attribute("epsilon", kUsualEpsilon)});
    return value;
  }
  NormalizationNodes nodes(graph, weights, std::move(value));
  for (const NormalizationTensors& step : weights.tensors->normalizations) nodes.add(step);
  return nodes.value();
}

}  // namespace crossloom
