#include "compiler/import/onnx/onnx_import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "compiler/import/layer_order.h"
#include "compiler/import/onnx/constant_folding.h"
#include "compiler/import/onnx/graph_inputs.h"
#include "compiler/import/onnx/graph_values.h"
#include "compiler/import/onnx/onnx_model.h"
#include "support/error.h"

namespace crossloom {
namespace {

/// Numbers that all folded constants of a graph may have together: a chain of small ones must not fill the memory.
constexpr std::size_t kMaxFoldedNumbers = std::size_t{1} << 22;

/// Operators on stored tensors whose result has a shape, though its numbers are not worked out: a scale folded by hand.
constexpr std::array<std::string_view, 10> kArithmetic = {"Abs", "Add", "Div",  "Exp", "Mul",
                                                          "Neg", "Pow", "Sqrt", "Sub", "Reciprocal"};

std::string value_or(const std::vector<std::pair<std::string, std::string>>& metadata, std::string_view key,
                     const std::string& otherwise) {
  for (const auto& [name, value] : metadata) {
    if (name == key) return value;
  }
  return otherwise;
}

const NodeTranslator* translator_of(const OnnxNode& node) {
  if (!node.domain.empty()) return nullptr;
  for (const std::span<const NodeTranslator> table :
       {elementwise_translators(), view_translators(), weight_translators(), window_translators()}) {
    for (const NodeTranslator& translator : table) {
      if (translator.op_type == node.op_type) return &translator;
    }
  }
  return nullptr;
}

constexpr std::array<std::string_view, 6> kReductions = {"ReduceL1",   "ReduceL2",  "ReduceMax",
                                                         "ReduceMean", "ReduceMin", "ReduceSum"};

class Importer {
 public:
  Importer(const OnnxModel& model, const NetworkOptions& options) : model_(model), options_(options) {}

  [[nodiscard]] NetworkFile run() {
    for (const std::size_t index : needed_in_order()) nodes_.push_back(&model_.nodes[index]);
    const GraphInputs inputs = graph_inputs(model_, nodes_);
    add_constants(inputs.weights);
    image_ = inputs.image->name;
    add_image(*inputs.image);
    for (const OnnxNode* node : nodes_) translate(*node);
    const std::int64_t output = output_layer();
    SimplifiedNetwork simplified = simplify(std::move(graph_.draft), output);
    file_.network = infer_shapes(std::move(simplified.network));
    static_cast<void>(num_parameters(file_.network));  // refuses counts that overflow
    static_cast<void>(num_macs(file_.network));
    if (value_or(model_.metadata, "crossloom.weights", "") != "none") file_.weights = std::move(simplified.weights);
    return std::move(file_);
  }

 private:
  [[noreturn]] static void fail(const OnnxNode& node, const std::string& problem) {
    throw UserError(fmt::format("node {} ({}): {}", node.name.empty() ? first_output(node) : node.name, node.op_type, problem));
  }
  [[nodiscard]] static std::string first_output(const OnnxNode& node) {
    return node.outputs.empty() ? "without a name" : node.outputs.front();
  }

  /// Indices of the nodes that the outputs depend on, each after those that it reads.
  [[nodiscard]] std::vector<std::size_t> needed_in_order() const {
    std::map<std::string_view, std::size_t> makers;
    for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
      for (const std::string& output : model_.nodes[i].outputs) {
        if (!output.empty() && !makers.emplace(output, i).second)
          fail(model_.nodes[i], "its output " + output + " is made twice");
      }
    }
    const std::vector<std::vector<std::size_t>> producers = producers_of_nodes(makers);
    std::vector<bool> is_needed(model_.nodes.size(), false);
    std::vector<std::size_t> open;
    for (const OnnxValue& output : model_.outputs) {
      const auto maker = makers.find(output.name);
      if (maker != makers.end()) open.push_back(maker->second);
    }
    while (!open.empty()) {
      const std::size_t node = open.back();
      open.pop_back();
      if (is_needed[node]) continue;
      is_needed[node] = true;
      open.insert(open.end(), producers[node].begin(), producers[node].end());
    }
    const LayerOrder sorted = topological_order(producers);
    if (!sorted.cycle.empty()) fail_cycle(sorted.cycle);
    std::vector<std::size_t> order;
    std::ranges::copy_if(sorted.order, std::back_inserter(order), [&](std::size_t node) { return is_needed[node]; });
    return order;
  }

  [[nodiscard]] std::vector<std::vector<std::size_t>> producers_of_nodes(
      const std::map<std::string_view, std::size_t>& makers) const {
    std::set<std::string_view> given;
    for (const auto& [name, tensor] : model_.initializers) given.insert(name);
    for (const OnnxValue& input : model_.inputs) given.insert(input.name);
    std::vector<std::vector<std::size_t>> producers(model_.nodes.size());
    for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
      for (const std::string& input : model_.nodes[i].inputs) {
        const auto maker = makers.find(input);
        if (maker != makers.end()) {
          producers[i].push_back(maker->second);
        } else if (!input.empty() && !given.contains(input)) {
          fail(model_.nodes[i], "its input " + input + " is made by no node and stored nowhere");
        }
      }
    }
    return producers;
  }

  [[noreturn]] void fail_cycle(const std::vector<std::size_t>& cycle) const {
    constexpr std::size_t kMaxNamed = 5;
    std::vector<std::string> names;
    for (const std::size_t node : std::span(cycle).first(std::min(cycle.size(), kMaxNamed))) {
      const OnnxNode& known = model_.nodes[node];
      names.push_back(known.name.empty() ? first_output(known) : known.name);
    }
    if (cycle.size() > kMaxNamed) names.emplace_back("...");
    fail(model_.nodes[cycle.front()], fmt::format("a cycle of nodes: {} reads {}", fmt::join(names, " reads "), names.front()));
  }

  void add_constants(const std::vector<const OnnxValue*>& weight_inputs) {
    for (const auto& [name, tensor] : model_.initializers) set_constant(name, tensor);
    for (const OnnxValue* input : weight_inputs) {
      StoredTensor tensor{.dims = {}, .type = ElementType::kFloat32};
      for (const std::optional<std::int64_t>& extent : *input->dims) tensor.dims.push_back(extent.value_or(0));
      static_cast<void>(num_elements(tensor.dims));  // refuses negative and huge extents
      set_constant(input->name, std::move(tensor));
    }
    if (!weight_inputs.empty())
      file_.warnings.push_back(fmt::format("the numbers of {} weights are not in the file", weight_inputs.size()));
  }

  void set_constant(const std::string& name, StoredTensor tensor) {
    WeightTensor weights;
    weights.stored = std::move(tensor);
    graph_.values[name] = {.constant = std::make_shared<const WeightTensor>(std::move(weights)), .view = {}};
  }

  /// Whether every node that reads the image moves its channels from the last place to the second.
  [[nodiscard]] bool has_channels_last(const std::string& input, std::size_t rank) const {
    const std::vector<std::int64_t> to_front =
        rank == 4 ? std::vector<std::int64_t>{0, 3, 1, 2} : std::vector<std::int64_t>{0, 2, 1};
    bool is_read = false;
    for (const OnnxNode* node : nodes_) {
      if (std::ranges::find(node->inputs, input) == node->inputs.end()) continue;
      const OnnxAttribute* order = node->find("perm");
      if (node->op_type != "Transpose" || order == nullptr || order->integers != to_front) return false;
      is_read = true;
    }
    return is_read && rank >= 3;
  }

  void add_image(const OnnxValue& input) {
    const std::size_t declared_rank = input.dims ? input.dims->size() : (options_.input_shape ? 4 : 0);
    if (declared_rank < 2 || declared_rank > 4)
      throw UserError(fmt::format("input {}: {}, allowed: 1xCxHxW, 1xCxW or 1xC", input.name,
                                  input.dims ? fmt::format("rank {}", declared_rank) : "unknown extents"));
    const bool is_channels_last = has_channels_last(input.name, declared_rank);
    const std::optional<TensorShape> declared = declared_shape(input, is_channels_last);
    if (!declared && !options_.input_shape)
      throw UserError(
          fmt::format("input {}: {} has extents without a number, allowed: numbers (--input 1x3x224x224 settles them)",
                      input.name, extents_text(*input.dims)));
    const TensorShape shape = options_.input_shape.value_or(declared.value_or(TensorShape()));
    if (declared_rank == 2 && shape.height * shape.width != 1)
      throw UserError(fmt::format("input {}: {}x{}x{}, allowed: Cx1x1, as the file's has two extents", input.name,
                                  shape.channels, shape.height, shape.width));
    file_.declared_input_shape = declared.value_or(shape);

    Network& network = graph_.draft.network;
    network.name = model_.graph_name.empty() ? std::filesystem::path(model_.path).stem().string() : model_.graph_name;
    network.source = value_or(model_.metadata, "crossloom.source", model_.path);
    network.input_shape = shape;
    network.has_signed_input = value_or(model_.metadata, "crossloom.signed_input", "true") == "true";
    const std::int64_t layer =
        add_layer(graph_.draft, {.name = graph_.layers.unique_name(input.name), .kind = LayerKind::kInput});
    TensorView view = whole_view(layer, image_dims(shape, declared_rank));
    if (is_channels_last && declared_rank == 4) view = transposed(view, std::vector<std::int64_t>{0, 2, 3, 1});
    if (is_channels_last && declared_rank == 3) view = transposed(view, std::vector<std::int64_t>{0, 2, 1});
    graph_.values[input.name] = {.constant = nullptr, .view = std::move(view)};
    graph_.opset = model_.opset;
  }

  [[nodiscard]] static std::string extents_text(const std::vector<std::optional<std::int64_t>>& dims) {
    std::vector<std::string> texts;
    texts.reserve(dims.size());
    for (const auto& extent : dims) texts.push_back(extent ? std::to_string(*extent) : "?");
    return fmt::format("{}", fmt::join(texts, "x"));
  }

  /// Nothing when an extent of the image is symbolic. The batch is read aside.
  [[nodiscard]] std::optional<TensorShape> declared_shape(const OnnxValue& input, bool is_channels_last) {
    if (!input.dims) return std::nullopt;
    std::vector<std::int64_t> dims{1};
    graph_.declared_batch = input.dims->front().value_or(1);
    for (const std::optional<std::int64_t>& extent : std::span(*input.dims).subspan(1)) {
      // Zero and less are how some exporters write an open extent.
      if (!extent || *extent < 1) return std::nullopt;
      if (*extent > kMaxExtent)
        throw UserError(
            fmt::format("input {}: {}, allowed: extents of at most {}", input.name, extents_text(*input.dims), kMaxExtent));
      dims.push_back(*extent);
    }
    if (is_channels_last) std::rotate(dims.begin() + 1, dims.end() - 1, dims.end());
    return image_shape(dims);
  }

  void translate(const OnnxNode& node) {
    try {
      add_results(node);
    } catch (const LayerError& error) {
      fail(node, error.problem());
    } catch (const UserError& error) {
      fail(node, error.what());
    }
    for (const std::string& output : node.outputs) graph_.values.try_emplace(output);  // what is left out, such as a mask
  }

  void add_results(const OnnxNode& node) {
    if (node.op_type == "Constant" && node.domain.empty()) return add_constant(node);
    if (fold(node) || set_shape_of_constants(node)) return;
    NodeTranslation translation(node, graph_);
    const NodeTranslator* translator = translator_of(node);
    if (translator != nullptr && translator->translate(translation)) return;
    if (options_.unknown_operator == UnknownOperator::kRefuse) {
      throw UserError(fmt::format("{} is not supported (--treat-unknown-as-vector-op goes on without its meaning)",
                                  translator == nullptr ? "the operator" : "this use of the operator"));
    }
    add_unknown(translation);
  }

  /// The value of a Constant node, however it is written.
  void add_constant(const OnnxNode& node) {
    if (node.outputs.empty() || node.attributes.empty()) throw UserError("no value");
    const OnnxAttribute& value = node.attributes.front();
    StoredTensor tensor;
    switch (value.kind) {
      case OnnxAttribute::Kind::kTensor:
        tensor = *value.tensor;
        break;
      case OnnxAttribute::Kind::kInteger:
        tensor = {.dims = {}, .type = ElementType::kInt64, .integers = {value.integer}};
        break;
      case OnnxAttribute::Kind::kReal:
        tensor = {.dims = {}, .type = ElementType::kFloat32, .reals = {value.real}};
        break;
      case OnnxAttribute::Kind::kIntegers:
        tensor = {.dims = {static_cast<std::int64_t>(value.integers.size())},
                  .type = ElementType::kInt64,
                  .integers = value.integers};
        break;
      case OnnxAttribute::Kind::kReals:
        tensor = {.dims = {static_cast<std::int64_t>(value.reals.size())}, .type = ElementType::kFloat32, .reals = value.reals};
        break;
      case OnnxAttribute::Kind::kText:
      case OnnxAttribute::Kind::kOther:
        throw UserError("a value that is neither a tensor nor a number");
    }
    set_constant(node.outputs.front(), std::move(tensor));
  }

  [[nodiscard]] bool reads_constants_alone(const OnnxNode& node) const {
    return std::ranges::all_of(
        node.inputs, [&](const std::string& input) { return input.empty() || graph_.values.at(input).constant != nullptr; });
  }

  /// Whether the node's result could be worked out.
  [[nodiscard]] bool fold(const OnnxNode& node) {
    if (!node.domain.empty() || node.inputs.empty() || node.outputs.empty() || !reads_constants_alone(node)) return false;
    std::vector<const StoredTensor*> inputs;
    for (const std::string& input : node.inputs) {
      const auto& constant = input.empty() ? nullptr : graph_.values.at(input).constant;
      if (constant && (!constant->permutation.empty() || !constant->dequantization.empty())) return false;
      inputs.push_back(constant ? &constant->stored : nullptr);
    }
    std::optional<StoredTensor> result = fold_constants(node, inputs);
    if (!result) return false;
    num_folded_ += result->integers.size() + result->reals.size() + result->ranges.size();
    if (num_folded_ > kMaxFoldedNumbers) throw UserError("too much arithmetic on constants in the graph");
    set_constant(node.outputs.front(), std::move(*result));
    return true;
  }

  /// Arithmetic on stored weights: the shape is known, the numbers are not.
  [[nodiscard]] bool set_shape_of_constants(const OnnxNode& node) {
    if (!node.domain.empty() || node.outputs.empty() || node.inputs.empty() || !reads_constants_alone(node)) return false;
    if (std::ranges::find(kReductions, node.op_type) != kReductions.end()) return set_shape_of_reduced(node);
    if (std::ranges::find(kArithmetic, node.op_type) == kArithmetic.end()) return false;
    StoredTensor result{.dims = {}, .type = ElementType::kFloat32};
    for (const std::string& input : node.inputs) {
      const std::vector<std::int64_t> dims = dims_of(*graph_.values.at(input).constant);
      if (dims.size() > result.dims.size()) result.dims.insert(result.dims.begin(), dims.size() - result.dims.size(), 1);
      const std::size_t missing = result.dims.size() - dims.size();
      for (std::size_t axis = 0; axis < dims.size(); ++axis) {
        std::int64_t& extent = result.dims[missing + axis];
        if (extent != dims[axis] && extent != 1 && dims[axis] != 1) throw UserError("operands that do not broadcast");
        extent = std::max(extent, dims[axis]);
      }
    }
    set_constant(node.outputs.front(), std::move(result));
    return true;
  }

  [[nodiscard]] bool set_shape_of_reduced(const OnnxNode& node) {
    const NodeTranslation translation(node, graph_);
    const std::vector<std::int64_t> dims = dims_of(translation.constant(0));
    const auto axes = translation.integers(1, "axes");
    std::vector<bool> is_reduced(dims.size(), !axes);
    for (const std::int64_t axis : axes.value_or(std::vector<std::int64_t>()))
      is_reduced[axis_from_front(axis, dims.size())] = true;
    StoredTensor result{.dims = {}, .type = ElementType::kFloat32};
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
      if (!is_reduced[axis]) result.dims.push_back(dims[axis]);
      if (is_reduced[axis] && translation.integer("keepdims", 1) != 0) result.dims.push_back(1);
    }
    set_constant(node.outputs.front(), std::move(result));
    return true;
  }

  /// Extents of a value by ONNX's own shape inference.
  [[nodiscard]] std::vector<std::int64_t> inferred_dims(const std::string& value) {
    if (!has_inferred_) {
      const TensorView& view = *graph_.values.at(image_).view;
      for (auto& [name, dims] : infer_onnx_shapes(model_, view.dims)) inferred_.insert_or_assign(name, std::move(dims));
      has_inferred_ = true;
    }
    const auto found = inferred_.find(value);
    const bool is_known = found != inferred_.end() && std::ranges::all_of(found->second, [](std::int64_t extent) {
                            return extent >= 1 && extent <= kMaxExtent;
                          });
    if (!is_known) throw UserError("the operator is not supported, and the shape of its output " + value + " is unknown");
    return found->second;
  }

  void warn_unknown(const OnnxNode& node, const TensorShape& shape) {
    file_.warnings.push_back(fmt::format("node {} ({}): not supported, taken as a vector operation of {} values",
                                         node.name.empty() ? first_output(node) : node.name, node.op_type, shape.num_values()));
  }

  /// An operation on one tensor that keeps its extents is taken to work value by value, in whatever order they lie.
  [[nodiscard]] bool add_unknown_pointwise(NodeTranslation& node, const std::vector<std::size_t>& operands) {
    if (operands.size() != 1 || node.node().outputs.size() != 1) return false;
    TensorView view = node.view(operands[0]);
    const TensorShape shape = node.shape_of(view.layer);
    if (!shows_all(view, shape) || inferred_dims(node.node().outputs[0]) != view.dims) return false;
    warn_unknown(node.node(), shape);
    view.layer = node.add({.kind = LayerKind::kVectorOperation, .inputs = {view.layer}, .given_shape = shape});
    node.set(0, std::move(view));
    return true;
  }

  void add_unknown(NodeTranslation& node) {
    const OnnxNode& proto = node.node();
    std::vector<std::size_t> computed;
    for (std::size_t i = 0; i < node.num_inputs(); ++i) {
      if (node.has_input(i) && !node.is_constant(i)) computed.push_back(i);
    }
    if (add_unknown_pointwise(node, computed)) return;
    std::vector<std::int64_t> operands;
    operands.reserve(computed.size());
    for (const std::size_t input : computed) operands.push_back(node.image(input));
    for (std::size_t i = 0; i < proto.outputs.size(); ++i) {
      if (proto.outputs[i].empty()) continue;
      std::vector<std::int64_t> dims = inferred_dims(proto.outputs[i]);
      if (operands.empty()) {
        StoredTensor tensor{.dims = std::move(dims), .type = ElementType::kFloat32};
        set_constant(proto.outputs[i], std::move(tensor));
        continue;
      }
      const std::optional<TensorShape> shape = image_shape(dims);
      if (!shape)
        throw UserError(fmt::format("its output has extents {}, allowed: an image of one sample", fmt::join(dims, "x")));
      warn_unknown(proto, *shape);
      const std::int64_t layer = node.add({.kind = LayerKind::kVectorOperation, .inputs = operands, .given_shape = *shape});
      node.set(i, whole_view(layer, std::move(dims)));
    }
  }

  /// The layer that the network ends in. Several outputs are joined, flattened, so that none is left out.
  [[nodiscard]] std::int64_t output_layer() {
    std::vector<std::int64_t> ends;
    for (const OnnxValue& output : model_.outputs) {
      const auto found = graph_.values.find(output.name);
      if (found == graph_.values.end()) throw UserError("output " + output.name + ": no node makes it");
      if (!found->second.view) continue;  // a constant depends on no layer
      ends.push_back(end_of(*found->second.view, output.name));
    }
    if (ends.empty()) throw UserError("no output depends on the input");
    if (ends.size() == 1 && graph_.draft.network.layers[static_cast<std::size_t>(ends.front())].kind == LayerKind::kInput)
      throw UserError("its output " + model_.outputs.front().name + " is its input: no node computes anything");
    if (ends.size() == 1) return ends.front();
    file_.warnings.push_back(fmt::format("{} outputs are joined into one", ends.size()));
    Layer join{.name = graph_.layers.unique_name("outputs"), .kind = LayerKind::kConcat};
    for (const std::int64_t end : ends) {
      const TensorShape shape = graph_.draft.network.layers[static_cast<std::size_t>(end)].output_shape;
      const bool is_flat = shape.height == 1 && shape.width == 1;
      join.inputs.push_back(is_flat ? end
                                    : add_layer(graph_.draft, {.name = graph_.layers.unique_name("outputs_flat"),
                                                               .kind = LayerKind::kFlatten,
                                                               .inputs = {end}}));
    }
    return add_layer(graph_.draft, std::move(join));
  }

  /// The layer whose values are those of an output. Whether its channels come first or last is up to who reads it.
  [[nodiscard]] std::int64_t end_of(const TensorView& view, const std::string& name) {
    const TensorShape& shape = graph_.draft.network.layers[static_cast<std::size_t>(view.layer)].output_shape;
    if (is_channels_last(view, shape)) return view.layer;
    return graph_.layers.in_order(view, view.name.empty() ? name : view.name);
  }

  const OnnxModel& model_;
  const NetworkOptions& options_;
  std::vector<const OnnxNode*> nodes_;  ///< that the outputs depend on, in order
  TranslatedGraph graph_;
  std::string image_;  ///< name of the input that is one
  NetworkFile file_;
  std::size_t num_folded_ = 0;
  bool has_inferred_ = false;
  std::map<std::string, std::vector<std::int64_t>> inferred_;
};

}  // namespace

NetworkFile import_onnx(const std::string& path, const NetworkOptions& options) {
  return import_onnx(read_onnx_model(path), options);
}

NetworkFile import_onnx(const OnnxModel& model, const NetworkOptions& options) {
  try {
    return Importer(model, options).run();
  } catch (const UserError& error) {
    throw UserError(model.path + ": " + error.what());
  }
}

}  // namespace crossloom
