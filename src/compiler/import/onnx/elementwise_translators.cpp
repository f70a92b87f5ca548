#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "compiler/import/onnx/constant_folding.h"
#include "compiler/import/onnx/graph_values.h"
#include "support/error.h"

namespace crossloom {
namespace {

/// Whether the look shows every value of its layer: what works value by value may then work on the layer.
bool shows_all(const NodeTranslation& node, const TensorView& view) { return shows_all(view, node.shape_of(view.layer)); }

/// Adds a layer that works value by value on input 0, and gives its output the look of that input.
bool add_pointwise(NodeTranslation& node, Layer layer, DraftDetail detail = {}) {
  TensorView view = node.view(0);
  if (!shows_all(node, view)) view = whole_view(node.image(0), view.dims);
  layer.inputs = {view.layer};
  if (layer.kind == LayerKind::kVectorOperation) layer.given_shape = node.shape_of(view.layer);
  view.layer = node.add(std::move(layer), std::move(detail));
  view.name.clear();
  node.set(0, std::move(view));
  return true;
}

bool add_activation(NodeTranslation& node, Activation activation, std::optional<float> slope = {}) {
  return add_pointwise(node, {.kind = LayerKind::kActivation, .activation = activation, .activation_slope = slope});
}

bool relu(NodeTranslation& node) { return add_activation(node, Activation::kRelu); }
bool sigmoid(NodeTranslation& node) { return add_activation(node, Activation::kSigmoid); }
bool tanh(NodeTranslation& node) { return add_activation(node, Activation::kTanh); }
bool hard_swish(NodeTranslation& node) { return add_activation(node, Activation::kHardSwish); }

constexpr float kLeakySlope = 0.01F;
constexpr float kHardSigmoidSlope = 1.0F / 6.0F;

/// Nothing for the activation's own slope.
std::optional<float> slope_unless(double slope, float usual) {
  const auto single = static_cast<float>(slope);
  constexpr float kTolerance = 1e-6F;  // 1/6 comes rounded in several ways
  return std::abs(single - usual) < kTolerance ? std::nullopt : std::optional(single);
}

bool leaky_relu(NodeTranslation& node) {
  return add_activation(node, Activation::kLeakyRelu, slope_unless(node.real("alpha", kLeakySlope), kLeakySlope));
}

/// max(0, min(1, alpha x + beta)); the layer graph knows beta = 0.5.
bool hard_sigmoid(NodeTranslation& node) {
  if (std::abs(node.real("beta", 0.5) - 0.5) > 1e-6) return false;
  return add_activation(node, Activation::kHardSigmoid, slope_unless(node.real("alpha", 0.2), kHardSigmoidSlope));
}

/// A bound of Clip: an input since operator set 11, an attribute before.
double clip_bound(const NodeTranslation& node, std::size_t input, std::string_view attribute, double otherwise) {
  if (!node.has_input(input)) return node.real(attribute, otherwise);
  return single_number(node.constant(input)).value_or(std::numeric_limits<double>::quiet_NaN());
}

bool clip(NodeTranslation& node) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kUnbounded = 3.4e38;  // exporters write the largest float for infinity
  const double low = clip_bound(node, 1, "min", -kInfinity);
  const double high = clip_bound(node, 2, "max", kInfinity);
  const bool has_no_low = low <= -kUnbounded;
  const bool is_of_relu = node.layer(node.view(0).layer).activation == Activation::kRelu;
  if (high == 6 && (low == 0 || (has_no_low && is_of_relu))) return add_activation(node, Activation::kRelu6);
  if (low == 0 && high >= kUnbounded) return add_activation(node, Activation::kRelu);
  if (has_no_low && high >= kUnbounded) {
    node.set(0, node.view(0));
    return true;
  }
  return add_pointwise(node, {.kind = LayerKind::kVectorOperation});
}

/// Softmax or its logarithm: over the channels of one pixel it is an activation.
bool over_channels(NodeTranslation& node, Activation activation) {
  const TensorView& view = node.view(0);
  const auto rank = static_cast<std::int64_t>(view.dims.size());
  constexpr std::int64_t kFirstOpsetOfOneAxis = 13;  // before, all axes from it on were one
  const bool is_one_axis = node.opset() >= kFirstOpsetOfOneAxis;
  const std::size_t axis = axis_from_front(node.integer("axis", is_one_axis ? -1 : 1), view.dims.size());
  const bool has_all = product(view.dims) == view.dims[axis] || (!is_one_axis && axis == 1 && rank >= 2);
  if (has_all || channel_axis(view, node.shape_of(view.layer)) == axis) return add_activation(node, activation);
  return add_pointwise(node, {.kind = LayerKind::kVectorOperation});
}

bool softmax(NodeTranslation& node) { return over_channels(node, Activation::kSoftmax); }
bool log_softmax(NodeTranslation& node) { return over_channels(node, Activation::kLogSoftmax); }

enum class Arithmetic { kAdd, kSubtract, kMultiply, kDivide };

LayerKind layer_kind(Arithmetic operation) {
  switch (operation) {
    case Arithmetic::kAdd:
      return LayerKind::kAdd;
    case Arithmetic::kSubtract:
      return LayerKind::kSubtract;
    case Arithmetic::kMultiply:
      return LayerKind::kMultiply;
    case Arithmetic::kDivide:
      return LayerKind::kDivide;
  }
  throw InternalError("Arithmetic outside its range");
}

/// Whether a constant of extents `dims` has one number, or one for each channel of the look.
bool is_by_channel(const NodeTranslation& node, const TensorView& view, const std::vector<std::int64_t>& dims) {
  if (num_elements(dims) == 1) return true;
  if (dims.size() > view.dims.size()) return false;
  const std::optional<std::size_t> axis = channel_axis(view, node.shape_of(view.layer));
  const std::size_t missing = view.dims.size() - dims.size();  // axes in front, by the rules of broadcasting
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] != 1 && (missing + i != axis || dims[i] != view.dims[missing + i])) return false;
  }
  return true;
}

/// x + c, x - c, x * c, x / c with one number, or one a channel: a normalization that only scales or only shifts.
bool with_constant(NodeTranslation& node, Arithmetic operation, std::size_t operand) {
  const TensorView view = node.view(operand);
  const std::shared_ptr<const WeightTensor> constant = node.shared_constant(1 - operand);
  const bool is_known = is_by_channel(node, view, dims_of(*constant)) && shows_all(node, view) &&
                        (operand == 0 || operation == Arithmetic::kAdd || operation == Arithmetic::kMultiply);
  if (!is_known) {
    const std::int64_t image = node.image(operand);
    const TensorShape shape = node.shape_of(image);
    const std::int64_t layer = node.add({.kind = LayerKind::kVectorOperation, .inputs = {image}, .given_shape = shape});
    node.set(0, whole_view(layer, view.dims));
    return true;
  }
  DraftDetail detail;
  NormalizationTensors step;
  const std::optional<double> number = single_number(*constant);
  switch (operation) {
    case Arithmetic::kAdd:
      step.shift = *constant;
      if (number) detail.scalar = {.is_product = false, .number = *number};
      break;
    case Arithmetic::kSubtract:
      step.mean = *constant;
      if (number) detail.scalar = {.is_product = false, .number = -*number};
      break;
    case Arithmetic::kMultiply:
      step.scale = *constant;
      if (number) detail.scalar = {.is_product = true, .number = *number};
      break;
    case Arithmetic::kDivide:
      step.divisor = *constant;
      if (number) detail.scalar = {.is_product = true, .number = 1 / *number};
      break;
  }
  detail.has_factor = operation == Arithmetic::kMultiply || operation == Arithmetic::kDivide;
  detail.tensors.normalizations = {step};
  TensorView result = view;
  result.layer = node.add({.kind = LayerKind::kBatchNorm, .inputs = {view.layer}}, std::move(detail));
  result.name.clear();
  node.set(0, std::move(result));
  return true;
}

bool have_one_look(const NodeTranslation& node) {
  const TensorView& first = node.view(0);
  if (!shows_all(node, first)) return false;
  for (std::size_t i = 1; i < node.num_inputs(); ++i) {
    const TensorView& other = node.view(i);
    const bool is_equal = other.dims == first.dims && other.strides == first.strides && shows_all(node, other) &&
                          node.shape_of(other.layer) == node.shape_of(first.layer);
    if (!is_equal) return false;
  }
  return true;
}

bool of_activations(NodeTranslation& node, LayerKind kind) {
  Layer layer{.kind = kind};
  if (have_one_look(node)) {
    TensorView view = node.view(0);
    for (std::size_t i = 0; i < node.num_inputs(); ++i) layer.inputs.push_back(node.view(i).layer);
    view.layer = node.add(std::move(layer));
    view.name.clear();
    node.set(0, std::move(view));
    return true;
  }
  const std::size_t rank = node.view(0).dims.size();
  bool are_channels_last = false;
  for (std::size_t i = 0; i < node.num_inputs(); ++i) {
    const TensorView& view = node.view(i);
    if (view.dims.size() != rank)
      throw UserError(fmt::format("operands of rank {} and {}, allowed: equal ranks", rank, view.dims.size()));
    are_channels_last = are_channels_last || is_channels_last(view, node.shape_of(view.layer));
  }
  for (std::size_t i = 0; i < node.num_inputs(); ++i) {
    const TensorView view = without_repeats(node.view(i));  // the layer repeats them itself
    layer.inputs.push_back(node.image_of(are_channels_last ? with_channels_second(view) : view));
  }
  const std::int64_t sum = node.add(std::move(layer));
  if (!are_channels_last) {
    node.set_layer(0, sum, rank);
    return true;
  }
  node.set(0, with_channels_last(whole_view(sum, image_dims(node.shape_of(sum), rank))));
  return true;
}

bool arithmetic(NodeTranslation& node, Arithmetic operation) {
  if (node.num_inputs() != 2) throw UserError(fmt::format("{} inputs, allowed: 2", node.num_inputs()));
  if (node.is_constant(1)) return with_constant(node, operation, 0);
  if (node.is_constant(0)) return with_constant(node, operation, 1);
  return of_activations(node, layer_kind(operation));
}

bool add(NodeTranslation& node) { return arithmetic(node, Arithmetic::kAdd); }
bool subtract(NodeTranslation& node) { return arithmetic(node, Arithmetic::kSubtract); }
bool multiply(NodeTranslation& node) { return arithmetic(node, Arithmetic::kMultiply); }
bool divide(NodeTranslation& node) { return arithmetic(node, Arithmetic::kDivide); }

bool sum(NodeTranslation& node) {
  if (node.num_inputs() == 2) return arithmetic(node, Arithmetic::kAdd);
  if (node.num_inputs() == 1) {
    node.set(0, node.view(0));
    return true;
  }
  return of_activations(node, LayerKind::kAdd);
}

/// The value itself: casts, and what only matters in training or for the number format.
bool pass_on(NodeTranslation& node) {
  if (node.is_constant(0)) {
    node.set(0, node.shared_constant(0));
  } else {
    node.set(0, node.view(0));
  }
  return true;
}

/// (q - zero_point) * scale of stored weights; of activations the value itself.
bool dequantize(NodeTranslation& node) {
  if (!node.is_constant(0)) return pass_on(node);
  WeightTensor tensor = node.constant(0);
  if (!is_integer(tensor.stored.type)) return pass_on(node);  // quantized by the graph itself
  if (!tensor.dequantization.empty() || !tensor.permutation.empty()) return false;
  const std::size_t rank = tensor.stored.dims.size();
  const StoredTensor& scale = node.constant(1).stored;
  StoredTensor zero_point{.dims = {}, .type = ElementType::kInt32, .integers = {0}};
  if (node.has_input(2)) zero_point = node.constant(2).stored;
  if (num_elements(scale.dims) != 1) {
    const std::size_t axis = axis_from_front(node.integer("axis", 1), rank);
    if (num_elements(scale.dims) != tensor.stored.dims[axis])
      throw UserError(fmt::format("{} scales for an axis of {}", num_elements(scale.dims), tensor.stored.dims[axis]));
    tensor.dequantization_axis = static_cast<std::int64_t>(axis);
  }
  const std::int64_t num_zero_points = num_elements(zero_point.dims);
  if (num_zero_points != 1 && num_zero_points != num_elements(scale.dims))
    throw UserError(fmt::format("{} zero points for {} scales", num_zero_points, num_elements(scale.dims)));
  tensor.dequantization = {scale, zero_point};
  node.set(0, std::make_shared<const WeightTensor>(std::move(tensor)));
  return true;
}

constexpr auto kTranslators = std::to_array<NodeTranslator>({{"Add", add},
                                                             {"Cast", pass_on},
                                                             {"Clip", clip},
                                                             {"DequantizeLinear", dequantize},
                                                             {"Div", divide},
                                                             {"Dropout", pass_on},
                                                             {"HardSigmoid", hard_sigmoid},
                                                             {"HardSwish", hard_swish},
                                                             {"Identity", pass_on},
                                                             {"LeakyRelu", leaky_relu},
                                                             {"LogSoftmax", log_softmax},
                                                             {"Mul", multiply},
                                                             {"QuantizeLinear", pass_on},
                                                             {"Relu", relu},
                                                             {"Sigmoid", sigmoid},
                                                             {"Softmax", softmax},
                                                             {"Sub", subtract},
                                                             {"Sum", sum},
                                                             {"Tanh", tanh}});

}  // namespace

std::span<const NodeTranslator> elementwise_translators() { return kTranslators; }

}  // namespace crossloom
