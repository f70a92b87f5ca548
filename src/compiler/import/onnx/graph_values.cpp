#include "compiler/import/onnx/graph_values.h"

#include <fmt/format.h>

#include <utility>

#include "compiler/import/onnx/constant_folding.h"
#include "support/error.h"

namespace crossloom {

NodeTranslation::NodeTranslation(const OnnxNode& node, TranslatedGraph& graph) : node_(node), graph_(graph) {}

const std::string& NodeTranslation::name() const {
  if (!node_.name.empty() || node_.outputs.empty()) return node_.name;
  return node_.outputs.front();
}

bool NodeTranslation::has_input(std::size_t input) const { return input < node_.inputs.size() && !node_.inputs[input].empty(); }

const GraphValue& NodeTranslation::value(std::size_t input) const {
  if (!has_input(input)) throw UserError(fmt::format("input {} is missing", input));
  return graph_.values.at(node_.inputs[input]);
}

bool NodeTranslation::is_constant(std::size_t input) const { return has_input(input) && value(input).constant != nullptr; }

const WeightTensor& NodeTranslation::constant(std::size_t input) const { return *shared_constant(input); }

std::shared_ptr<const WeightTensor> NodeTranslation::shared_constant(std::size_t input) const {
  const GraphValue& found = value(input);
  if (!found.constant)
    throw UserError(fmt::format("input {} ({}) is {}, allowed: a constant", input, node_.inputs[input],
                                found.view ? "computed" : "a result that is left out"));
  return found.constant;
}

std::optional<WeightTensor> NodeTranslation::optional_constant(std::size_t input) const {
  return has_input(input) ? std::optional(constant(input)) : std::nullopt;
}

const TensorView& NodeTranslation::view(std::size_t input) const {
  const GraphValue& found = value(input);
  if (!found.view)
    throw UserError(fmt::format("input {} ({}) is {}, allowed: an activation", input, node_.inputs[input],
                                found.constant ? "a constant" : "a result that is left out"));
  return *found.view;
}

std::int64_t NodeTranslation::image(std::size_t input) { return image_of(view(input)); }

std::int64_t NodeTranslation::image_of(const TensorView& view) {
  return graph_.layers.image(view, view.name.empty() ? name() + "_input" : view.name);
}

std::int64_t NodeTranslation::in_order(std::size_t input) {
  const TensorView& look = view(input);
  return graph_.layers.in_order(look, name());
}

std::int64_t NodeTranslation::reordered(const TensorView& view, const TensorShape& shape) {
  return graph_.layers.reordered(view, shape, name());
}

const Layer& NodeTranslation::layer(std::int64_t index) const {
  return graph_.draft.network.layers.at(static_cast<std::size_t>(index));
}

std::int64_t NodeTranslation::integer(std::string_view attribute, std::int64_t otherwise) const {
  const OnnxAttribute* found = node_.find(attribute);
  return found == nullptr ? otherwise : found->integer;
}

double NodeTranslation::real(std::string_view attribute, double otherwise) const {
  const OnnxAttribute* found = node_.find(attribute);
  return found == nullptr ? otherwise : found->real;
}

std::string NodeTranslation::text(std::string_view attribute, std::string_view otherwise) const {
  const OnnxAttribute* found = node_.find(attribute);
  return found == nullptr ? std::string(otherwise) : found->text;
}

std::optional<std::vector<std::int64_t>> NodeTranslation::integers(std::string_view attribute) const {
  const OnnxAttribute* found = node_.find(attribute);
  return found == nullptr ? std::nullopt : std::optional(found->integers);
}

std::optional<std::vector<std::int64_t>> NodeTranslation::integers(std::size_t input, std::string_view attribute) const {
  if (!has_input(input)) return integers(attribute);
  auto numbers = integer_numbers(constant(input).stored);
  if (!numbers) throw UserError(fmt::format("input {} ({}) is no list of integers", input, node_.inputs[input]));
  return numbers;
}

std::int64_t NodeTranslation::add(Layer layer, DraftDetail detail) {
  layer.name = graph_.layers.unique_name(name());
  return add_layer(graph_.draft, std::move(layer), std::move(detail));
}

void NodeTranslation::set(std::size_t output, TensorView view) {
  constexpr std::size_t kMaxRank = 16;
  if (view.dims.size() > kMaxRank)
    throw UserError(fmt::format("a tensor of rank {}, allowed: at most {}", view.dims.size(), kMaxRank));
  if (output < node_.outputs.size()) graph_.values[node_.outputs[output]] = {.constant = nullptr, .view = std::move(view)};
}

void NodeTranslation::set(std::size_t output, std::shared_ptr<const WeightTensor> constant) {
  if (output < node_.outputs.size()) graph_.values[node_.outputs[output]] = {.constant = std::move(constant), .view = {}};
}

void NodeTranslation::set_layer(std::size_t output, std::int64_t layer, std::size_t rank) {
  set(output, whole_view(layer, image_dims(shape_of(layer), rank)));
}

std::vector<std::int64_t> dims_of(const WeightTensor& tensor) {
  if (tensor.permutation.empty()) return tensor.stored.dims;
  std::vector<std::int64_t> dims;
  for (const std::int64_t axis : tensor.permutation) dims.push_back(tensor.stored.dims[static_cast<std::size_t>(axis)]);
  return dims;
}

std::optional<double> single_number(const WeightTensor& constant) {
  const StoredTensor& stored = constant.stored;
  if (num_elements(stored.dims) != 1 || !constant.dequantization.empty()) return std::nullopt;
  if (stored.fill) return stored.fill;
  if (!stored.reals.empty()) return stored.reals.front();
  if (!stored.integers.empty()) return static_cast<double>(stored.integers.front());
  if (stored.ranges.empty()) return std::nullopt;
  return static_cast<double>(load(stored).at(0));  // a scalar in half precision or in external data
}

}  // namespace crossloom
