#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/import/onnx/draft_network.h"
#include "compiler/import/onnx/onnx_model.h"
#include "compiler/import/onnx/tensor_view.h"
#include "compiler/import/onnx/view_layers.h"

namespace crossloom {

/// What stands behind a name of the graph: a constant, or a look at a layer's output.
struct GraphValue {
  std::shared_ptr<const WeightTensor> constant;
  std::optional<TensorView> view;
};

/// What the translation of one node adds to.
struct TranslatedGraph {
  DraftNetwork draft;
  std::map<std::string, GraphValue> values;
  ViewLayers layers{draft};
  std::int64_t opset = 0;
  std::int64_t declared_batch = 1;  ///< of the graph's input; one sample is translated

  TranslatedGraph() = default;
  TranslatedGraph(const TranslatedGraph&) = delete;
  TranslatedGraph& operator=(const TranslatedGraph&) = delete;
  ~TranslatedGraph() = default;
};

/// One node while it is translated: its operands as values, its attributes with the defaults of the operator, and where its
/// results go. Every method throws UserError with the problem alone; the caller names the node.
class NodeTranslation {
 public:
  NodeTranslation(const OnnxNode& node, TranslatedGraph& graph);

  [[nodiscard]] const OnnxNode& node() const { return node_; }
  [[nodiscard]] std::int64_t opset() const { return graph_.opset; }
  [[nodiscard]] std::int64_t declared_batch() const { return graph_.declared_batch; }
  /// Name for the layers of this node: its own, or that of its first output.
  [[nodiscard]] const std::string& name() const;

  [[nodiscard]] std::size_t num_inputs() const { return node_.inputs.size(); }
  [[nodiscard]] bool has_input(std::size_t input) const;
  /// Whether the input is there and a constant.
  [[nodiscard]] bool is_constant(std::size_t input) const;
  [[nodiscard]] const WeightTensor& constant(std::size_t input) const;
  [[nodiscard]] std::shared_ptr<const WeightTensor> shared_constant(std::size_t input) const;
  [[nodiscard]] std::optional<WeightTensor> optional_constant(std::size_t input) const;
  [[nodiscard]] const TensorView& view(std::size_t input) const;
  /// The layer that holds an input as an image of its own (ViewLayers::image).
  [[nodiscard]] std::int64_t image(std::size_t input);
  [[nodiscard]] std::int64_t image_of(const TensorView& view);
  [[nodiscard]] std::int64_t in_order(std::size_t input);
  /// A layer that puts the values of a look of all of a layer in order, of shape `shape`.
  [[nodiscard]] std::int64_t reordered(const TensorView& view, const TensorShape& shape);
  [[nodiscard]] const Layer& layer(std::int64_t index) const;
  [[nodiscard]] const TensorShape& shape_of(std::int64_t index) const { return layer(index).output_shape; }

  [[nodiscard]] std::int64_t integer(std::string_view attribute, std::int64_t otherwise) const;
  [[nodiscard]] double real(std::string_view attribute, double otherwise) const;
  [[nodiscard]] std::string text(std::string_view attribute, std::string_view otherwise) const;
  /// Nothing when absent.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> integers(std::string_view attribute) const;
  /// From input `input` (newer operator sets) or the attribute. Throws when the input is not a constant.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> integers(std::size_t input, std::string_view attribute) const;

  /// Adds a layer called after the node; its index.
  std::int64_t add(Layer layer, DraftDetail detail = {});
  [[nodiscard]] std::string unique_name(const std::string& name) { return graph_.layers.unique_name(name); }

  /// Result `output` of the node; without effect when the graph leaves it out.
  void set(std::size_t output, TensorView view);
  void set(std::size_t output, std::shared_ptr<const WeightTensor> constant);
  /// The whole output of a layer, with as many dimensions as `rank`.
  void set_layer(std::size_t output, std::int64_t layer, std::size_t rank);

 private:
  [[nodiscard]] const GraphValue& value(std::size_t input) const;

  const OnnxNode& node_;
  TranslatedGraph& graph_;
};

/// How a node becomes layers; false when the case is one that it does not know.
using TranslateNode = bool (*)(NodeTranslation&);

struct NodeTranslator {
  std::string_view op_type;
  TranslateNode translate;
};

/// The operators, by file.
[[nodiscard]] std::span<const NodeTranslator> weight_translators();       ///< Conv, Gemm, MatMul, BatchNormalization
[[nodiscard]] std::span<const NodeTranslator> window_translators();       ///< pooling, reductions, LRN, Pad
[[nodiscard]] std::span<const NodeTranslator> elementwise_translators();  ///< activations and arithmetic
[[nodiscard]] std::span<const NodeTranslator> view_translators();         ///< reshapes, transposes, slices, Concat

/// Extents of a constant as its users see it: those of the stored tensor in the order of the permutation.
[[nodiscard]] std::vector<std::int64_t> dims_of(const WeightTensor& tensor);

/// The one number of a constant; nothing when it has several, or when it is not known.
[[nodiscard]] std::optional<double> single_number(const WeightTensor& constant);

}  // namespace crossloom
