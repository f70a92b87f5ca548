#include "compiler/export/onnx_graph_builder.h"

#include <utility>

namespace crossloom {

OnnxAttribute onnx_attribute(std::string name, std::int64_t value) {
  OnnxAttribute attribute{.name = std::move(name), .integer = value};
  attribute.kind = OnnxAttribute::Kind::kInteger;
  return attribute;
}

OnnxAttribute onnx_attribute(std::string name, std::vector<std::int64_t> values) {
  OnnxAttribute attribute{.name = std::move(name), .integers = std::move(values)};
  attribute.kind = OnnxAttribute::Kind::kIntegers;
  return attribute;
}

OnnxAttribute onnx_real_attribute(std::string name, double value) {
  OnnxAttribute attribute{.name = std::move(name), .real = value};
  attribute.kind = OnnxAttribute::Kind::kReal;
  return attribute;
}

OnnxGraphBuilder::OnnxGraphBuilder(const Network& network) {
  for (const Layer& layer : network.layers) names_.insert(layer.name);
}

std::string OnnxGraphBuilder::node(const std::string& op_type, const std::string& name, std::vector<std::string> inputs,
                                   std::vector<OnnxAttribute> attributes) {
  model_.nodes.push_back({.name = name,
                          .op_type = op_type,
                          .domain = {},
                          .inputs = std::move(inputs),
                          .outputs = {name},
                          .attributes = std::move(attributes)});
  return name;
}

std::string OnnxGraphBuilder::helper_name(const std::string& layer, const std::string& part) {
  const std::string wanted = layer + "/" + part;
  std::string name = wanted;
  for (int number = 2; !names_.insert(name).second; ++number) name = wanted + "_" + std::to_string(number);
  return name;
}

std::string OnnxGraphBuilder::integers(const std::string& layer, const std::string& part, std::vector<std::int64_t> values) {
  std::string name = helper_name(layer, part);
  StoredTensor tensor{.dims = {static_cast<std::int64_t>(values.size())}, .type = ElementType::kInt64};
  tensor.integers = std::move(values);
  model_.initializers.emplace_back(name, std::move(tensor));
  return name;
}

std::string OnnxGraphBuilder::real(const std::string& layer, const std::string& part, double value) {
  std::string name = helper_name(layer, part);
  model_.initializers.emplace_back(name, StoredTensor{.dims = {}, .type = ElementType::kFloat32, .reals = {value}});
  return name;
}

std::string OnnxGraphBuilder::filled(const std::string& layer, const std::string& part, std::vector<std::int64_t> dims,
                                     double value) {
  std::string name = helper_name(layer, part);
  model_.initializers.emplace_back(name, StoredTensor{.dims = std::move(dims), .type = ElementType::kFloat32, .fill = value});
  return name;
}

std::string OnnxGraphBuilder::weights(const std::string& layer, const std::string& part, std::vector<std::int64_t> dims,
                                      WeightTensor tensor) {
  const bool is_constant = tensor.stored.fill && tensor.dequantization.empty();
  if (is_constant) return filled(layer, part, std::move(dims), *tensor.stored.fill);
  std::string name = helper_name(layer, part);
  model_.weights.push_back({.name = name, .dims = std::move(dims), .tensor = std::move(tensor)});
  return name;
}

std::string OnnxGraphBuilder::reshape(const std::string& layer, const std::string& name, const std::string& value,
                                      std::vector<std::int64_t> dims) {
  return node("Reshape", name, {value, integers(layer, "shape", std::move(dims))});
}

}  // namespace crossloom
