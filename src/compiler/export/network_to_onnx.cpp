#include "compiler/export/network_to_onnx.h"

#include <utility>

#include "compiler/export/activation_nodes.h"
#include "compiler/export/onnx_graph_builder.h"
#include "compiler/export/weight_nodes.h"
#include "support/error.h"

namespace crossloom {
namespace {

std::vector<std::int64_t> image_dims(const TensorShape& shape) { return {1, shape.channels, shape.height, shape.width}; }

std::vector<std::int64_t> pads_of(const WindowAttributes& window) {
  return {window.pad_top, window.pad_left, window.pad_bottom, window.pad_right};
}

std::vector<OnnxAttribute> window_attributes_of(const WindowAttributes& window) {
  return {onnx_attribute("kernel_shape", {window.kernel_height, window.kernel_width}),
          onnx_attribute("strides", {window.stride_height, window.stride_width}), onnx_attribute("pads", pads_of(window))};
}

/// Window positions by ONNX's rule, which has no exception for a last window that starts in the padding.
std::int64_t onnx_positions(std::int64_t input, std::int64_t pads, std::int64_t span, std::int64_t stride, bool rounds_up) {
  return (input + pads - span + (rounds_up ? stride - 1 : 0)) / stride + 1;
}

class Exporter {
 public:
  Exporter(const Network& network, const WeightStore& weights) : network_(network), weights_(weights), graph_(network) {}

  [[nodiscard]] OnnxModel run() {
    const Layer& input = network_.layers.front();
    values_.push_back({.name = input.name, .rank = 4});
    for (std::size_t i = 1; i < network_.layers.size(); ++i) add_layer(network_.layers[i]);

    OnnxModel model = std::move(graph_.model());
    model.opset = kExportedOpset;
    model.graph_name = network_.name;
    model.inputs = {{.name = input.name, .dims = declared(image_dims(network_.input_shape))}};
    const TensorShape& shape = network_.layers.back().output_shape;
    const std::vector<std::int64_t> row{1, shape.channels};
    model.outputs = {{.name = values_.back().name, .dims = declared(values_.back().rank == 4 ? image_dims(shape) : row)}};
    model.metadata = {{"crossloom.source", network_.source},
                      {"crossloom.signed_input", network_.has_signed_input ? "true" : "false"}};
    if (weights_.empty()) model.metadata.emplace_back("crossloom.weights", "none");
    return model;
  }

 private:
  [[nodiscard]] static std::vector<std::optional<std::int64_t>> declared(const std::vector<std::int64_t>& dims) {
    return {dims.begin(), dims.end()};
  }

  void add_layer(const Layer& layer) {
    ExportedValue value = layer_value(layer);
    if (layer.activation != Activation::kNone && layer.kind != LayerKind::kActivation)
      value.name = add_activation_nodes(graph_, layer, value.name, graph_.helper_name(layer.name, "activation"));
    values_.push_back(std::move(value));
  }

  [[nodiscard]] ExportedValue layer_value(const Layer& layer) {
    switch (layer.kind) {
      case LayerKind::kConvolution:
        return convolution(layer);
      case LayerKind::kLinear:
        return linear(layer);
      case LayerKind::kMaxPool:
      case LayerKind::kAveragePool:
        return pooling(layer);
      case LayerKind::kGlobalAveragePool:
        return node("GlobalAveragePool", layer);
      case LayerKind::kActivation:
        return {add_activation_nodes(graph_, layer, operand(layer).name, layer.name), operand(layer).rank};
      case LayerKind::kAdd:
        return node(layer.inputs.size() == 2 ? "Add" : "Sum", layer);
      case LayerKind::kSubtract:
        return node("Sub", layer);
      case LayerKind::kMultiply:
        return product(layer);
      case LayerKind::kDivide:
        return node("Div", layer);
      case LayerKind::kConcat:
        return node("Concat", layer, {onnx_attribute("axis", 1)});
      case LayerKind::kFlatten:
        return {graph_.reshape(layer.name, layer.name, image(layer), image_dims(layer.output_shape)), 4};
      case LayerKind::kSlice:
        return slice(layer, {layer.first_channel}, {layer.first_channel + layer.num_output_channels}, {1});
      case LayerKind::kChannelShuffle:
        return channel_shuffle(layer);
      case LayerKind::kPad:
        return pad(layer);
      case LayerKind::kCrop:
        return crop(layer);
      case LayerKind::kBatchNorm:
        return add_normalization_nodes(graph_, weights_of(layer), {image(layer), 4});
      case LayerKind::kLocalResponseNorm:
        return local_response_norm(layer);
      case LayerKind::kReorder:
        return reorder(layer);
      case LayerKind::kInput:
        throw InternalError("an input behind the first layer");
      case LayerKind::kVectorOperation:
        break;
    }
    throw LayerError(layer.name, "a vector operation, whose meaning is not known, cannot be exported to ONNX");
  }

  [[nodiscard]] const ExportedValue& operand(const Layer& layer, std::size_t index = 0) const {
    return values_[static_cast<std::size_t>(layer.inputs[index])];
  }

  /// The operand as 1xCxHxW. What is flat is read as an image once, for all that need it.
  [[nodiscard]] std::string image(const Layer& layer, std::size_t index = 0) {
    ExportedValue& value = values_[static_cast<std::size_t>(layer.inputs[index])];
    if (value.rank == 4) return value.name;
    const std::string& producer = network_.layers[static_cast<std::size_t>(layer.inputs[index])].name;
    value.name = graph_.reshape(producer, graph_.helper_name(producer, "image"), value.name,
                                image_dims(input_shape_of(network_, layer, index)));
    value.rank = 4;
    return value.name;
  }

  /// One node on all operands as images.
  [[nodiscard]] ExportedValue node(const std::string& op_type, const Layer& layer, std::vector<OnnxAttribute> attributes = {}) {
    std::vector<std::string> inputs;
    for (std::size_t i = 0; i < layer.inputs.size(); ++i) inputs.push_back(image(layer, i));
    return {graph_.node(op_type, layer.name, std::move(inputs), std::move(attributes)), 4};
  }

  [[nodiscard]] LayerWeights weights_of(const Layer& layer) const {
    const LayerTensors* known = weights_.find(layer.name);
    if (!weights_.empty() && known == nullptr) known = &no_tensors_;
    return {.layer = layer, .num_channels = layer.output_shape.channels, .tensors = known};
  }

  [[nodiscard]] ExportedValue convolution(const Layer& layer) {
    const WindowAttributes& window = layer.window;
    const std::int64_t channels = input_shape_of(network_, layer).channels / layer.num_groups;
    std::vector<std::string> inputs = add_weight_operands(
        graph_, weights_of(layer), {layer.num_output_channels, channels, window.kernel_height, window.kernel_width});
    inputs.insert(inputs.begin(), image(layer));
    std::vector<OnnxAttribute> attributes = window_attributes_of(window);
    attributes.push_back(onnx_attribute("dilations", {window.dilation_height, window.dilation_width}));
    attributes.push_back(onnx_attribute("group", layer.num_groups));
    const std::string output = graph_.node("Conv", layer.name, std::move(inputs), std::move(attributes));
    return add_normalization_nodes(graph_, weights_of(layer), {output, 4});
  }

  [[nodiscard]] ExportedValue linear(const Layer& layer) {
    const std::int64_t num_inputs = input_shape_of(network_, layer).num_values();
    std::string input = operand(layer).name;
    if (operand(layer).rank != 2) input = graph_.reshape(layer.name, graph_.helper_name(layer.name, "flatten"), input, {1, -1});
    std::vector<std::string> inputs = add_weight_operands(graph_, weights_of(layer), {layer.num_output_channels, num_inputs});
    inputs.insert(inputs.begin(), std::move(input));
    const std::string output = graph_.node("Gemm", layer.name, std::move(inputs), {onnx_attribute("transB", 1)});
    return add_normalization_nodes(graph_, weights_of(layer), {output, 2});
  }

  [[nodiscard]] ExportedValue pooling(const Layer& layer) {
    const WindowAttributes& window = layer.window;
    std::vector<OnnxAttribute> attributes = window_attributes_of(window);
    if (rounds_up(layer)) attributes.push_back(onnx_attribute("ceil_mode", 1));
    const bool is_dilated = window.dilation_height != 1 || window.dilation_width != 1;
    if (layer.kind == LayerKind::kMaxPool) {
      if (is_dilated) attributes.push_back(onnx_attribute("dilations", {window.dilation_height, window.dilation_width}));
      return node("MaxPool", layer, std::move(attributes));
    }
    if (is_dilated) throw LayerError(layer.name, "a dilated average pool cannot be exported to ONNX operator set 13");
    if (window.counts_padding) attributes.push_back(onnx_attribute("count_include_pad", 1));
    return node("AveragePool", layer, std::move(attributes));
  }

  /// Whether ceil_mode says what the layer does: ONNX does not drop a last window that starts in the padding. Where that
  /// happens, rounding down gives the layer's extents.
  [[nodiscard]] bool rounds_up(const Layer& layer) const {
    if (!layer.window.ceil_mode) return false;
    const auto extents_are_right = [&](bool up) {
      const WindowAttributes& window = layer.window;
      const TensorShape& input = input_shape_of(network_, layer);
      return layer.output_shape.height == onnx_positions(input.height, window.pad_top + window.pad_bottom,
                                                         window.dilation_height * (window.kernel_height - 1) + 1,
                                                         window.stride_height, up) &&
             layer.output_shape.width == onnx_positions(input.width, window.pad_left + window.pad_right,
                                                        window.dilation_width * (window.kernel_width - 1) + 1,
                                                        window.stride_width, up);
    };
    if (extents_are_right(true)) return true;
    if (extents_are_right(false)) return false;
    throw LayerError(layer.name, "ceil_mode drops the last window in one direction alone, which ONNX cannot say");
  }

  [[nodiscard]] ExportedValue product(const Layer& layer) {
    if (layer.inputs.size() == 2) return node("Mul", layer);
    std::string value = image(layer);
    for (std::size_t i = 1; i < layer.inputs.size(); ++i) {
      const bool is_last = i + 1 == layer.inputs.size();
      value = graph_.node("Mul", is_last ? layer.name : graph_.helper_name(layer.name, "product"), {value, image(layer, i)});
    }
    return {value, 4};
  }

  [[nodiscard]] ExportedValue slice(const Layer& layer, std::vector<std::int64_t> starts, std::vector<std::int64_t> ends,
                                    std::vector<std::int64_t> axes) {
    return {graph_.node(
                "Slice", layer.name,
                {image(layer), graph_.integers(layer.name, "starts", std::move(starts)),
                 graph_.integers(layer.name, "ends", std::move(ends)), graph_.integers(layer.name, "axes", std::move(axes))}),
            4};
  }

  [[nodiscard]] ExportedValue crop(const Layer& layer) {
    const WindowAttributes& window = layer.window;
    const TensorShape& input = input_shape_of(network_, layer);
    return slice(layer, {window.pad_top, window.pad_left}, {input.height - window.pad_bottom, input.width - window.pad_right},
                 {2, 3});
  }

  [[nodiscard]] ExportedValue pad(const Layer& layer) {
    const WindowAttributes& window = layer.window;
    const std::string pads =
        graph_.integers(layer.name, "pads", {0, 0, window.pad_top, window.pad_left, 0, 0, window.pad_bottom, window.pad_right});
    return {graph_.node("Pad", layer.name, {image(layer), pads}), 4};
  }

  /// Reshape, Transpose, Reshape; the last one bears the layer's name.
  [[nodiscard]] ExportedValue rearranged(const Layer& layer, std::vector<std::int64_t> extents,
                                         std::vector<std::int64_t> order) {
    const std::string cut = graph_.reshape(layer.name, graph_.helper_name(layer.name, "cut"), image(layer), std::move(extents));
    const std::string moved =
        graph_.node("Transpose", graph_.helper_name(layer.name, "moved"), {cut}, {onnx_attribute("perm", std::move(order))});
    return {graph_.reshape(layer.name, layer.name, moved, image_dims(layer.output_shape)), 4};
  }

  [[nodiscard]] ExportedValue channel_shuffle(const Layer& layer) {
    const TensorShape& shape = layer.output_shape;
    return rearranged(layer, {1, layer.num_groups, shape.channels / layer.num_groups, shape.height, shape.width},
                      {0, 2, 1, 3, 4});
  }

  [[nodiscard]] ExportedValue reorder(const Layer& layer) {
    if (layer.reorder.order.empty())
      return {graph_.reshape(layer.name, layer.name, image(layer), image_dims(layer.output_shape)), 4};
    return rearranged(layer, layer.reorder.extents, layer.reorder.order);
  }

  [[nodiscard]] ExportedValue local_response_norm(const Layer& layer) {
    const LocalResponse& response = layer.local_response;
    return node("LRN", layer,
                {onnx_attribute("size", layer.num_neighbour_channels),
                 onnx_real_attribute("alpha", static_cast<double>(response.alpha)),
                 onnx_real_attribute("beta", static_cast<double>(response.beta)),
                 onnx_real_attribute("bias", static_cast<double>(response.bias))});
  }

  const Network& network_;
  const WeightStore& weights_;
  const LayerTensors no_tensors_;  ///< of a layer that the store does not know
  OnnxGraphBuilder graph_;
  std::vector<ExportedValue> values_;  ///< of each layer so far, activation included
};

}  // namespace

OnnxModel to_onnx(const Network& network, const WeightStore& weights) { return Exporter(network, weights).run(); }

}  // namespace crossloom
