#include <array>
#include <utility>

#include "nas/space/search_space.h"

namespace crossloom {
namespace {

constexpr std::int64_t kSqueezeExciteReduction = 4;  // Howard et al., ICCV 2019, section 5.3
constexpr std::int64_t kPoolKernel = 3;

/// Layers put one behind the other; each reads the one before it unless told otherwise.
class NetworkWriter {
 public:
  NetworkWriter(const SearchSpace& space, const TensorShape& input) : space_(space) {
    network_.name = space.name;
    network_.source = space.source;
    network_.input_shape = input;
    network_.has_signed_input = space.has_signed_input;
    network_.layers.push_back({.name = "input", .kind = LayerKind::kInput});
    network_.layers[0].output_shape = infer_output_shape(network_, network_.layers[0]);
  }

  /// Index of the last layer.
  [[nodiscard]] std::int64_t last() const { return static_cast<std::int64_t>(network_.layers.size()) - 1; }
  [[nodiscard]] const TensorShape& shape(std::int64_t layer) const {
    return network_.layers[static_cast<std::size_t>(layer)].output_shape;
  }
  [[nodiscard]] std::int64_t divisible(double channels) const { return divisible_channels(channels, space_.channel_divisor); }
  /// A space's number of channels at its width multiplier and a stage's width.
  [[nodiscard]] std::int64_t widened(std::int64_t channels, double width) const {
    const double factor = space_.width_multiplier * width;
    return factor == 1.0 ? channels : divisible(static_cast<double>(channels) * factor);
  }

  std::int64_t add(Layer layer) {
    if (layer.inputs.empty()) layer.inputs = {last()};
    layer.output_shape = infer_output_shape(network_, layer);
    network_.layers.push_back(std::move(layer));
    return last();
  }

  /// A convolution of a block: odd kernel, padded so that only the stride makes the image smaller.
  std::int64_t convolve(std::string name, std::int64_t input, std::int64_t channels, std::int64_t kernel, std::int64_t stride,
                        Activation activation, std::int64_t num_groups = 1) {
    return add({.name = std::move(name),
                .kind = LayerKind::kConvolution,
                .inputs = {input},
                .window = window_of(kernel, stride, kernel / 2),
                .num_output_channels = channels,
                .num_groups = num_groups,
                .has_bias = !space_.has_batch_norm,
                .has_batch_norm = space_.has_batch_norm,
                .activation = activation});
  }

  /// A layer of stem or head, its channels multiplied by the space's width unless they are classes.
  void add_fixed(Layer layer, bool is_classifier) {
    if (layer.num_output_channels > 0 && !is_classifier) layer.num_output_channels = widened(layer.num_output_channels, 1.0);
    add(std::move(layer));
  }

  static WindowAttributes window_of(std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
    return {.kernel_height = kernel,
            .kernel_width = kernel,
            .stride_height = stride,
            .stride_width = stride,
            .pad_top = padding,
            .pad_left = padding,
            .pad_bottom = padding,
            .pad_right = padding};
  }

  Network finish() {
    check_network(network_);
    return std::move(network_);
  }

 private:
  const SearchSpace& space_;
  Network network_;
};

/// Channel attention (Hu et al., CVPR 2018, figure 3) of the last layer.
std::int64_t add_squeeze_excite(NetworkWriter& writer, const std::string& name) {
  const std::int64_t input = writer.last();
  const std::int64_t channels = writer.shape(input).channels;
  writer.add({.name = name + "_pool", .kind = LayerKind::kGlobalAveragePool});
  writer.add(
      {.name = name + "_reduce",
       .kind = LayerKind::kConvolution,
       .num_output_channels = writer.divisible(static_cast<double>(channels) / static_cast<double>(kSqueezeExciteReduction)),
       .has_bias = true,
       .activation = Activation::kRelu});
  const std::int64_t gate = writer.add({.name = name + "_expand",
                                        .kind = LayerKind::kConvolution,
                                        .num_output_channels = channels,
                                        .has_bias = true,
                                        .activation = Activation::kHardSigmoid});
  return writer.add({.name = name, .kind = LayerKind::kMultiply, .inputs = {gate, input}});
}

void add_inverted_residual(NetworkWriter& writer, const ElasticStage& stage, const BlockChoice& choice, const std::string& name,
                           std::int64_t channels, std::int64_t stride) {
  const std::int64_t input = writer.last();
  const std::int64_t incoming = writer.shape(input).channels;
  const std::int64_t inner = choice.ratio == 1.0 ? incoming : writer.divisible(static_cast<double>(incoming) * choice.ratio);
  std::int64_t expanded = input;
  if (inner != incoming) expanded = writer.convolve(name + "_expand", input, inner, 1, 1, stage.activation);
  writer.convolve(name + "_depthwise", expanded, inner, choice.kernel, stride, stage.activation, inner);
  if (stage.has_squeeze_excite) add_squeeze_excite(writer, name + "_se");
  const std::int64_t output = writer.convolve(name + "_project", writer.last(), channels, 1, 1, Activation::kNone);
  if (writer.shape(output) == writer.shape(input))
    writer.add({.name = name + "_add", .kind = LayerKind::kAdd, .inputs = {output, input}});
}

void add_basic_residual(NetworkWriter& writer, const ElasticStage& stage, const BlockChoice& choice, const std::string& name,
                        std::int64_t channels, std::int64_t stride) {
  const std::int64_t input = writer.last();
  const std::int64_t inner = choice.ratio == 1.0 ? channels : writer.divisible(static_cast<double>(channels) * choice.ratio);
  const std::int64_t middle = writer.convolve(name + "_conv1", input, inner, choice.kernel, stride, stage.activation);
  const std::int64_t output = writer.convolve(name + "_conv2", middle, channels, choice.kernel, 1, Activation::kNone);
  std::int64_t shortcut = input;
  if (writer.shape(output) != writer.shape(input))
    shortcut = writer.convolve(name + "_shortcut", input, channels, 1, stride, Activation::kNone);
  writer.add({.name = name + "_add", .kind = LayerKind::kAdd, .inputs = {output, shortcut}, .activation = stage.activation});
}

void add_fire(NetworkWriter& writer, const ElasticStage& stage, const BlockChoice& choice, const std::string& name,
              std::int64_t channels, std::int64_t stride) {
  if (stride > 1) {
    Layer pool{.name = name + "_pool", .kind = LayerKind::kMaxPool, .window = NetworkWriter::window_of(kPoolKernel, stride, 0)};
    pool.window.ceil_mode = true;
    writer.add(std::move(pool));
  }
  const std::int64_t inner = writer.divisible(static_cast<double>(channels) * choice.ratio);
  const std::int64_t squeeze = writer.convolve(name + "_squeeze", writer.last(), inner, 1, 1, stage.activation);
  const std::int64_t half = channels / 2;
  const std::int64_t narrow = writer.convolve(name + "_expand1x1", squeeze, half, 1, 1, stage.activation);
  const std::int64_t wide = writer.convolve(name + "_expandKxK", squeeze, channels - half, choice.kernel, 1, stage.activation);
  writer.add({.name = name + "_concat", .kind = LayerKind::kConcat, .inputs = {narrow, wide}});
}

}  // namespace

Network build_network(const SearchSpace& space, const Subnetwork& subnetwork) {
  using AddBlock =
      void (*)(NetworkWriter&, const ElasticStage&, const BlockChoice&, const std::string&, std::int64_t, std::int64_t);
  static constexpr std::array<AddBlock, 3> kAddBlock = {add_inverted_residual, add_basic_residual, add_fire};
  NetworkWriter writer(space, subnetwork.input_shape);
  for (const Layer& layer : space.stem) writer.add_fixed(layer, false);
  for (std::size_t s = 0; s < space.stages.size(); ++s) {
    const ElasticStage& stage = space.stages[s];
    const StageChoice& choice = subnetwork.stages[s];
    const std::int64_t channels = writer.widened(stage.channels, choice.width);
    for (std::size_t b = 0; b < choice.blocks.size(); ++b) {
      const std::string name = "stage" + std::to_string(s + 1) + "_block" + std::to_string(b + 1);
      kAddBlock[static_cast<std::size_t>(stage.block)](writer, stage, choice.blocks[b], name, channels,
                                                       b == 0 ? stage.stride : 1);
    }
  }
  const std::int64_t classifier = classifier_of(space);
  for (std::size_t i = 0; i < space.head.size(); ++i)
    writer.add_fixed(space.head[i], static_cast<std::int64_t>(i) == classifier);
  return writer.finish();
}

}  // namespace crossloom
