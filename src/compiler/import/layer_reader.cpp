#include <algorithm>
#include <array>
#include <limits>

#include "compiler/import/layer_description.h"
#include "compiler/import/window_keys.h"

namespace crossloom {
namespace {

constexpr IntegerRange kSize{1, kMaxExtent};

/// `type` of a layer: the kinds of layers, and two ways to write common ones short.
constexpr std::string_view kDepthwise = "depthwise_convolution";
constexpr std::string_view kSqueezeExcite = "squeeze_excite";

std::vector<std::string_view> type_names() {
  const std::span<const std::string_view> kinds = enum_names(LayerKind::kInput);
  std::vector<std::string_view> names(kinds.begin() + 1, kinds.end());  // the image is not a layer of the list
  names.push_back(kDepthwise);
  names.push_back(kSqueezeExcite);
  return names;
}

Activation read_activation(ConfigReader& reader, std::string_view key) {
  return static_cast<Activation>(reader.choice(key, enum_names(Activation::kNone)));
}

/// `bias` must be stated, but where batch normalization follows: its shift makes a bias superfluous.
void read_bias_and_batch_norm(ConfigReader& reader, Layer& layer) {
  if (reader.has("batch_norm")) layer.has_batch_norm = reader.boolean("batch_norm");
  if (reader.has("bias") || !layer.has_batch_norm) layer.has_bias = reader.boolean("bias");
}

/// A number that may be left out.
void read_real(ConfigReader& reader, std::string_view key, float& value) {
  constexpr double kLargest = std::numeric_limits<float>::max();
  if (reader.has(key)) value = static_cast<float>(reader.number(key, {-kLargest, kLargest}));
}

/// `shape`: [channels, height, width].
TensorShape read_shape(ConfigReader& reader) {
  const std::vector<std::int64_t> extents = reader.integers("shape", kSize);
  if (extents.size() != 3)
    reader.fail("shape", "a list of " + std::to_string(extents.size()) + ", allowed: [channels, height, width]");
  return {.channels = extents[0], .height = extents[1], .width = extents[2]};
}

std::vector<std::string> read_input_names(ConfigReader& reader, const std::string& previous) {
  if (!reader.has("inputs")) return {reader.has("input") ? reader.text("input") : previous};
  if (reader.has("input")) reader.fail("inputs", "beside input, allowed: one of them");
  return reader.texts("inputs");
}

void read_attributes(ConfigReader& reader, LayerDescription& description) {
  Layer& layer = description.layer;
  switch (layer.kind) {
    case LayerKind::kConvolution:
      read_convolution_window(reader, description);
      if (description.is_depthwise) {
        layer.num_output_channels = 1;
      } else {
        layer.num_output_channels = reader.integer("channels", kSize);
        if (reader.has("groups")) layer.num_groups = reader.integer("groups", kSize);
      }
      read_bias_and_batch_norm(reader, layer);
      return;
    case LayerKind::kLinear:
      layer.num_output_channels = reader.integer("channels", kSize);
      read_bias_and_batch_norm(reader, layer);
      return;
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
      read_pooling_window(reader, description);
      if (layer.kind == LayerKind::kAveragePool && reader.has("counts_padding"))
        layer.window.counts_padding = reader.boolean("counts_padding");
      return;
    case LayerKind::kSlice:
      layer.first_channel = reader.integer("first_channel", {0, kMaxExtent});
      layer.num_output_channels = reader.integer("channels", kSize);
      return;
    case LayerKind::kChannelShuffle:
      layer.num_groups = reader.integer("groups", kSize);
      return;
    case LayerKind::kPad:
      read_margins(reader, "padding", layer.window);
      return;
    case LayerKind::kLocalResponseNorm:
      layer.num_neighbour_channels = reader.integer("neighbour_channels", kSize);
      read_real(reader, "alpha", layer.local_response.alpha);
      read_real(reader, "beta", layer.local_response.beta);
      read_real(reader, "k", layer.local_response.bias);
      return;
    case LayerKind::kCrop:
      read_margins(reader, "margin", layer.window);
      return;
    case LayerKind::kReorder:
      if (reader.has("axes") || reader.has("order")) {
        layer.reorder.extents = reader.integers("axes", {1, kMaxTensorValues});
        layer.reorder.order = reader.integers("order", {0, kMaxExtent});
      }
      layer.given_shape = read_shape(reader);
      return;
    case LayerKind::kVectorOperation:
      layer.given_shape = read_shape(reader);
      return;
    case LayerKind::kInput:
    case LayerKind::kGlobalAveragePool:
    case LayerKind::kActivation:
    case LayerKind::kAdd:
    case LayerKind::kMultiply:
    case LayerKind::kConcat:
    case LayerKind::kFlatten:
    case LayerKind::kSubtract:
    case LayerKind::kDivide:
    case LayerKind::kBatchNorm:
      return;
  }
}

LayerDescription one_input(std::string name, LayerKind kind, std::string input, std::size_t entry) {
  LayerDescription description;
  description.layer.name = std::move(name);
  description.layer.kind = kind;
  description.input_names = {std::move(input)};
  description.entry = entry;
  return description;
}

/// Channel attention (Hu et al., CVPR 2018, figure 3): mean of each channel, a narrow 1x1 convolution, a wide one whose gate
/// lies in [0, 1], and the input scaled by it.
std::vector<LayerDescription> read_squeeze_excite(ConfigReader& reader, const std::string& name, const std::string& input,
                                                  std::size_t entry) {
  LayerDescription pool = one_input(name + "_pool", LayerKind::kGlobalAveragePool, input, entry);
  LayerDescription reduce = one_input(name + "_reduce", LayerKind::kConvolution, pool.layer.name, entry);
  reduce.layer.num_output_channels = reader.integer("squeeze_channels", kSize);
  reduce.layer.has_bias = reader.boolean("bias");
  reduce.layer.activation = read_activation(reader, "activation");
  LayerDescription expand = one_input(name + "_expand", LayerKind::kConvolution, reduce.layer.name, entry);
  expand.layer.num_output_channels = 1;
  expand.restores_channels = true;
  expand.layer.has_bias = reduce.layer.has_bias;
  expand.layer.activation = read_activation(reader, "gate");
  // Gate first, as PyTorch's exports of these networks have it.
  LayerDescription scale = one_input(name, LayerKind::kMultiply, expand.layer.name, entry);
  scale.input_names.push_back(input);
  return {std::move(pool), std::move(reduce), std::move(expand), std::move(scale)};
}

}  // namespace

std::vector<LayerDescription> read_layer(ConfigReader& reader, std::size_t entry, const std::string& previous) {
  const std::string name = reader.text("name");
  if (name.empty()) reader.fail("name", "is empty, allowed: text");
  const std::vector<std::string_view> types = type_names();
  const std::string_view type = types[reader.choice("type", types)];
  std::vector<std::string> input_names = read_input_names(reader, previous);
  std::vector<LayerDescription> descriptions;
  if (type == kSqueezeExcite) {
    if (input_names.size() != 1) reader.fail("inputs", std::to_string(input_names.size()) + " inputs, allowed: 1");
    descriptions = read_squeeze_excite(reader, name, input_names[0], entry);
  } else {
    const std::span<const std::string_view> kinds = enum_names(LayerKind::kInput);
    LayerDescription description;
    description.layer.name = name;
    description.is_depthwise = type == kDepthwise;
    description.layer.kind = description.is_depthwise ? LayerKind::kConvolution
                                                      : static_cast<LayerKind>(std::ranges::find(kinds, type) - kinds.begin());
    description.input_names = std::move(input_names);
    description.entry = entry;
    read_attributes(reader, description);
    if (reader.has("activation") || description.layer.kind == LayerKind::kActivation)
      description.layer.activation = read_activation(reader, "activation");
    if (reader.has("slope")) read_real(reader, "slope", description.layer.activation_slope.emplace());
    descriptions.push_back(std::move(description));
  }
  reader.finish();
  return descriptions;
}

}  // namespace crossloom
