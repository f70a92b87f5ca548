#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/import/onnx/onnx_model.h"
#include "compiler/ir/network.h"

namespace crossloom {

/// Attributes of the three types that exported nodes have.
[[nodiscard]] OnnxAttribute onnx_attribute(std::string name, std::int64_t value);
[[nodiscard]] OnnxAttribute onnx_attribute(std::string name, std::vector<std::int64_t> values);
[[nodiscard]] OnnxAttribute onnx_real_attribute(std::string name, double value);

/// A value of the graph that holds a layer's output: 1xCxHxW, or 1xC behind a matrix product.
struct ExportedValue {
  std::string name;
  std::size_t rank = 4;
};

/// Adds nodes and constants to a model under names that do not clash.
class OnnxGraphBuilder {
 public:
  /// The layers' names are taken from the start, each by the node of its layer.
  explicit OnnxGraphBuilder(const Network& network);

  /// A node and its one output, both called `name`: a layer's name, or one that `helper_name` gave.
  std::string node(const std::string& op_type, const std::string& name, std::vector<std::string> inputs,
                   std::vector<OnnxAttribute> attributes = {});
  /// `layer/part`, with a number behind it when that is taken.
  [[nodiscard]] std::string helper_name(const std::string& layer, const std::string& part);

  /// Constants; their names.
  std::string integers(const std::string& layer, const std::string& part, std::vector<std::int64_t> values);
  std::string real(const std::string& layer, const std::string& part, double value);
  std::string filled(const std::string& layer, const std::string& part, std::vector<std::int64_t> dims, double value);
  std::string weights(const std::string& layer, const std::string& part, std::vector<std::int64_t> dims, WeightTensor tensor);

  /// The value with other extents, through a Reshape node called `name`.
  std::string reshape(const std::string& layer, const std::string& name, const std::string& value,
                      std::vector<std::int64_t> dims);

  [[nodiscard]] OnnxModel& model() { return model_; }

 private:
  OnnxModel model_;
  std::set<std::string> names_;
};

}  // namespace crossloom
