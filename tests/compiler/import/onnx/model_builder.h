#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "compiler/import/onnx/onnx_import.h"

namespace crossloom {

inline OnnxAttribute integer_attribute(std::string name, std::int64_t value) {
  OnnxAttribute attribute{.name = std::move(name), .integer = value};
  attribute.kind = OnnxAttribute::Kind::kInteger;
  return attribute;
}

inline OnnxAttribute integers_attribute(std::string name, std::vector<std::int64_t> values) {
  OnnxAttribute attribute{.name = std::move(name), .integers = std::move(values)};
  attribute.kind = OnnxAttribute::Kind::kIntegers;
  return attribute;
}

inline OnnxAttribute real_attribute(std::string name, double value) {
  OnnxAttribute attribute{.name = std::move(name), .real = value};
  attribute.kind = OnnxAttribute::Kind::kReal;
  return attribute;
}

inline OnnxAttribute text_attribute(std::string name, std::string value) {
  OnnxAttribute attribute{.name = std::move(name), .text = std::move(value)};
  attribute.kind = OnnxAttribute::Kind::kText;
  return attribute;
}

/// An ONNX model put together in memory. Nodes are named after their first output; the last node's is the model's.
class ModelBuilder {
 public:
  explicit ModelBuilder(const std::vector<std::int64_t>& image) {
    model_.path = "test.onnx";
    model_.graph_name = "test";
    model_.opset = 13;
    OnnxValue input{.name = "x", .dims = std::vector<std::optional<std::int64_t>>()};
    for (const std::int64_t extent : image) input.dims->emplace_back(extent < 0 ? std::nullopt : std::optional(extent));
    model_.inputs = {input};
  }

  ModelBuilder& opset(std::int64_t version) {
    model_.opset = version;
    return *this;
  }

  /// A stored tensor of one number, repeated.
  ModelBuilder& weights(const std::string& name, std::vector<std::int64_t> dims, double number = 0.5) {
    model_.initializers.emplace_back(name,
                                     StoredTensor{.dims = std::move(dims), .type = ElementType::kFloat32, .fill = number});
    return *this;
  }

  ModelBuilder& scalar(const std::string& name, double number) {
    model_.initializers.emplace_back(name, StoredTensor{.dims = {}, .type = ElementType::kFloat32, .reals = {number}});
    return *this;
  }

  ModelBuilder& integers(const std::string& name, std::vector<std::int64_t> numbers) {
    const auto count = static_cast<std::int64_t>(numbers.size());
    model_.initializers.emplace_back(
        name, StoredTensor{.dims = {count}, .type = ElementType::kInt64, .integers = std::move(numbers)});
    return *this;
  }

  ModelBuilder& node(std::string op_type, std::vector<std::string> inputs, std::vector<std::string> outputs,
                     std::vector<OnnxAttribute> attributes = {}) {
    const std::string name = outputs.front();
    model_.outputs = {{.name = name, .dims = {}}};
    model_.nodes.push_back({.name = name,
                            .op_type = std::move(op_type),
                            .domain = {},
                            .inputs = std::move(inputs),
                            .outputs = std::move(outputs),
                            .attributes = std::move(attributes)});
    return *this;
  }

  ModelBuilder& outputs(const std::vector<std::string>& names) {
    model_.outputs.clear();
    for (const std::string& name : names) model_.outputs.push_back({.name = name, .dims = {}});
    return *this;
  }

  [[nodiscard]] OnnxModel& model() { return model_; }
  [[nodiscard]] NetworkFile file(const NetworkOptions& options = {}) const { return import_onnx(model_, options); }
  [[nodiscard]] Network network(const NetworkOptions& options = {}) const { return file(options).network; }

 private:
  OnnxModel model_;
};

/// `name kind(inputs) CxHxW[ activation]` of each layer but the input, a line each.
[[nodiscard]] std::string outline(const Network& network);

/// The layer called `name`. Throws std::out_of_range.
[[nodiscard]] Layer layer_of(const Network& network, const std::string& name);

}  // namespace crossloom
