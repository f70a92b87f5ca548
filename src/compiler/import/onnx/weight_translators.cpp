#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>

#include "compiler/import/onnx/graph_values.h"
#include "compiler/import/onnx/window_attributes.h"
#include "support/error.h"

namespace crossloom {
namespace {

std::string text(const std::vector<std::int64_t>& dims) { return fmt::format("{}", fmt::join(dims, "x")); }

/// A bias of one number an output channel.
std::optional<WeightTensor> bias(const NodeTranslation& node, std::size_t input, std::int64_t num_channels) {
  if (!node.has_input(input)) return std::nullopt;
  const std::vector<std::int64_t> dims = dims_of(node.constant(input));
  const std::int64_t count = num_elements(dims);
  if (count != num_channels && count != 1)
    throw UserError(fmt::format("a bias of extents {} for {} output channels", text(dims), num_channels));
  return node.constant(input);
}

/// Y = X * W, a window at a time.
bool convolution(NodeTranslation& node) {
  const std::size_t rank = node.view(0).dims.size();
  const WeightTensor& weights = node.constant(1);
  const std::vector<std::int64_t> dims = dims_of(weights);
  if (rank != 3 && rank != 4) throw UserError(fmt::format("an input of rank {}, allowed: 3 or 4", rank));
  if (dims.size() != rank) throw UserError(fmt::format("weights of extents {} for an input of rank {}", text(dims), rank));
  const std::int64_t input = node.image(0);
  const TensorShape& shape = node.shape_of(input);
  const std::vector<std::int64_t> kernel(dims.begin() + 2, dims.end());
  Layer layer{.kind = LayerKind::kConvolution,
              .inputs = {input},
              .window = window_attributes(node, rank - 2, shape, kernel),
              .num_output_channels = dims[0],
              .num_groups = node.integer("group", 1),
              .has_bias = node.has_input(2)};
  const std::vector<std::int64_t> declared = node.integers("kernel_shape").value_or(kernel);
  if (declared != kernel)
    throw UserError(fmt::format("kernel_shape {}, but weights of extents {}", text(declared), text(dims)));
  if (layer.num_groups < 1 || layer.num_groups > kMaxExtent || dims[1] > kMaxExtent ||
      dims[1] * layer.num_groups != shape.channels)
    throw UserError(fmt::format("weights of extents {} in {} groups for an input of {} channels", text(dims), layer.num_groups,
                                shape.channels));
  DraftDetail detail;
  detail.tensors = {.weights = weights, .bias = bias(node, 2, dims[0]), .normalizations = {}};
  node.set_layer(0, node.add(std::move(layer), std::move(detail)), rank);
  return true;
}

/// A matrix of num_inputs x num_outputs as weights of a linear layer, [outputs][inputs].
WeightTensor as_linear_weights(const WeightTensor& matrix, bool is_transposed) {
  WeightTensor weights = matrix;
  if (is_transposed) return weights;
  if (weights.permutation.empty()) {
    weights.permutation = {1, 0};
  } else {
    std::swap(weights.permutation[0], weights.permutation[1]);
  }
  return weights;
}

/// The layer whose values, flattened, are the operand.
std::int64_t vector_operand(NodeTranslation& node) {
  const TensorView& view = node.view(0);
  return shows_all(view, node.shape_of(view.layer)) && is_in_order(view) ? view.layer : node.image(0);
}

void add_linear(NodeTranslation& node, std::int64_t num_inputs, std::int64_t num_outputs, LayerTensors tensors) {
  const std::int64_t operand = vector_operand(node);
  if (node.shape_of(operand).num_values() != num_inputs)
    throw UserError(
        fmt::format("weights for {} inputs, the input has {} values", num_inputs, node.shape_of(operand).num_values()));
  DraftDetail detail;
  const bool has_bias = tensors.bias.has_value();
  detail.tensors = std::move(tensors);
  const std::int64_t layer =
      node.add({.kind = LayerKind::kLinear, .inputs = {operand}, .num_output_channels = num_outputs, .has_bias = has_bias},
               std::move(detail));
  std::vector<std::int64_t> dims = node.view(0).dims;
  dims.back() = num_outputs;
  node.set(0, whole_view(layer, std::move(dims)));
}

/// The tensor times the node's attribute `name`.
WeightTensor scaled(WeightTensor tensor, const NodeTranslation& node, const char* name) {
  const double factor = node.real(name, 1);
  if (factor == 1) return tensor;
  if (!tensor.dequantization.empty()) throw UserError(fmt::format("{} {} of quantized numbers, allowed: 1", name, factor));
  const StoredTensor number{.dims = {}, .type = ElementType::kFloat64, .reals = {factor}};
  const StoredTensor zero{.dims = {}, .type = ElementType::kFloat64, .reals = {0}};
  tensor.dequantization = {number, zero};
  return tensor;
}

/// Y = alpha A B + beta C.
bool gemm(NodeTranslation& node) {
  if (node.integer("transA", 0) != 0) throw UserError("transA 1, allowed: 0");
  const bool is_transposed = node.integer("transB", 0) != 0;
  const WeightTensor matrix = scaled(node.constant(1), node, "alpha");
  const std::vector<std::int64_t> dims = dims_of(matrix);
  const std::vector<std::int64_t>& operand = node.view(0).dims;
  if (dims.size() != 2 || operand.size() != 2 || operand[0] != 1)
    throw UserError(fmt::format("operands of extents {} and {}, allowed: one row, and a matrix", text(operand), text(dims)));
  const std::int64_t num_outputs = is_transposed ? dims[0] : dims[1];
  LayerTensors tensors{
      .weights = as_linear_weights(matrix, is_transposed), .bias = bias(node, 2, num_outputs), .normalizations = {}};
  if (tensors.bias) tensors.bias = scaled(std::move(*tensors.bias), node, "beta");
  add_linear(node, is_transposed ? dims[1] : dims[0], num_outputs, std::move(tensors));
  return true;
}

/// A matrix product over the channels of every pixel: the operand has its channels last.
bool pixelwise_product(NodeTranslation& node, const std::vector<std::int64_t>& dims) {
  const TensorView view = node.view(0);
  const TensorShape shape = node.shape_of(view.layer);
  if (!is_channels_last(view, shape) || dims[0] != shape.channels) return false;
  DraftDetail detail;
  detail.tensors = {.weights = as_linear_weights(node.constant(1), false), .bias = {}, .normalizations = {}};
  const std::int64_t layer =
      node.add({.kind = LayerKind::kConvolution, .inputs = {view.layer}, .num_output_channels = dims[1]}, std::move(detail));
  TensorView result = view;
  result.layer = layer;
  result.dims.back() = dims[1];
  result.name.clear();
  node.set(0, std::move(result));
  return true;
}

bool matrix_product(NodeTranslation& node) {
  const std::vector<std::int64_t> dims = dims_of(node.constant(1));
  const std::vector<std::int64_t>& operand = node.view(0).dims;
  if (dims.size() != 2 || operand.empty() || operand.back() != dims[0])
    throw UserError(fmt::format("operands of extents {} and {}", text(operand), text(dims)));
  if (product(operand) != dims[0]) return pixelwise_product(node, dims);
  add_linear(node, dims[0], dims[1], {.weights = as_linear_weights(node.constant(1), false), .bias = {}, .normalizations = {}});
  return true;
}

bool batch_normalization(NodeTranslation& node) {
  const std::size_t rank = node.view(0).dims.size();
  const std::int64_t input = node.image(0);
  const std::int64_t num_channels = node.shape_of(input).channels;
  for (std::size_t i = 1; i <= 4; ++i) {
    const std::vector<std::int64_t> dims = dims_of(node.constant(i));
    if (num_elements(dims) != num_channels)
      throw UserError(fmt::format("input {} of extents {} for {} channels", i, text(dims), num_channels));
  }
  DraftDetail detail;
  detail.tensors.normalizations = {{.scale = node.constant(1),
                                    .shift = node.constant(2),
                                    .mean = node.constant(3),
                                    .variance = node.constant(4),
                                    .divisor = {},
                                    .epsilon = node.real("epsilon", 1e-5)}};
  node.set_layer(0, node.add({.kind = LayerKind::kBatchNorm, .inputs = {input}}, std::move(detail)), rank);
  return true;
}

constexpr auto kTranslators = std::to_array<NodeTranslator>(
    {{"BatchNormalization", batch_normalization}, {"Conv", convolution}, {"Gemm", gemm}, {"MatMul", matrix_product}});

}  // namespace

std::span<const NodeTranslator> weight_translators() { return kTranslators; }

}  // namespace crossloom
