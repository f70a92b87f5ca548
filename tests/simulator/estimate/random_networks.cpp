#include "tests/simulator/estimate/random_networks.h"

#include <array>
#include <string>
#include <utility>

namespace crossloom {
namespace {

class Builder {
 public:
  explicit Builder(RandomStream& random) : random_(random) {
    constexpr std::array<std::int64_t, 5> kSides{16, 24, 32, 48, 64};
    const std::int64_t side = kSides.at(static_cast<std::size_t>(pick(0, 4)));
    network_ = {.name = "random", .source = "drawn at random", .input_shape = {.channels = 3, .height = side, .width = side}};
    network_.layers.push_back({.name = "image", .kind = LayerKind::kInput});
    channels_ = 3;
    side_ = side;
  }

  Network run() {
    convolution(pick(2, 8) * 4, 3, pick(1, 2));
    const std::int64_t num_stages = pick(2, 8);
    for (std::int64_t i = 0; i < num_stages; ++i) add_stage();
    add({.kind = LayerKind::kGlobalAveragePool});
    if (pick(0, 1) == 1) linear(pick(8, 64), Activation::kRelu);
    linear(pick(2, 20), Activation::kNone);
    return infer_shapes(std::move(network_));
  }

 private:
  /// Uniform in [min, max].
  std::int64_t pick(std::int64_t min, std::int64_t max) {
    return min + static_cast<std::int64_t>(random_.next_below(static_cast<std::uint64_t>(max - min + 1)));
  }
  std::int64_t stride() { return side_ >= 8 ? pick(1, 2) : 1; }
  std::int64_t kernel() { return 2 * pick(0, side_ >= 8 ? 2 : 1) + 1; }
  std::int64_t channels() { return pick(1, 16) * 4; }
  [[nodiscard]] std::int64_t last() const { return static_cast<std::int64_t>(network_.layers.size()) - 1; }

  void add_stage() {
    switch (pick(0, 6)) {
      case 0:
        return convolution(channels(), kernel(), stride());
      case 1:
        return branches();
      case 2:
        depthwise(kernel(), stride());
        return convolution(channels(), 1, 1);
      case 3:
        return inverted_residual();
      case 4:
        return residual();
      case 5:
        return convolution(channels_, 3, stride(), 2);
      default:
        return pooling();
    }
  }

  /// Reads the last layer when it names no inputs.
  void add(Layer layer) {
    layer.name = "layer" + std::to_string(network_.layers.size());
    if (layer.inputs.empty()) layer.inputs = {last()};
    network_.layers.push_back(std::move(layer));
  }

  void convolution(std::int64_t num_channels, std::int64_t kernel_size, std::int64_t step, std::int64_t groups = 1,
                   Activation function = Activation::kRelu) {
    Layer layer{.kind = LayerKind::kConvolution, .num_output_channels = num_channels, .num_groups = groups};
    const std::int64_t pad = kernel_size / 2;
    layer.window = {.kernel_height = kernel_size,
                    .kernel_width = kernel_size,
                    .stride_height = step,
                    .stride_width = step,
                    .pad_top = pad,
                    .pad_left = pad,
                    .pad_bottom = pad,
                    .pad_right = pad};
    layer.activation = function;
    add(std::move(layer));
    channels_ = num_channels;
    side_ = (side_ - 1) / step + 1;
  }

  void depthwise(std::int64_t kernel_size, std::int64_t step) { convolution(channels_, kernel_size, step, channels_); }

  void linear(std::int64_t num_channels, Activation function) {
    add({.kind = LayerKind::kLinear, .num_output_channels = num_channels, .activation = function});
  }

  void branches() {
    convolution(channels(), 1, 1);
    const std::int64_t source = last();
    const std::int64_t squeezed = channels_;
    const std::int64_t expanded = channels();
    convolution(expanded, 1, 1);
    const std::int64_t first = last();
    channels_ = squeezed;
    convolution(expanded, 3, 1);
    network_.layers.back().inputs = {source};
    add({.kind = LayerKind::kConcat, .inputs = {first, last()}});
    channels_ = 2 * expanded;
  }

  void inverted_residual() {
    const std::int64_t source = last();
    const std::int64_t outside = channels_;
    convolution(outside * pick(2, 4), 1, 1);
    depthwise(kernel(), 1);
    if (pick(0, 1) == 1) squeeze_excite();
    convolution(outside, 1, 1, 1, Activation::kNone);
    add({.kind = LayerKind::kAdd, .inputs = {source, last()}});
  }

  void squeeze_excite() {
    const std::int64_t source = last();
    const std::int64_t expanded = channels_;
    const std::int64_t side = side_;
    add({.kind = LayerKind::kGlobalAveragePool});
    side_ = 1;
    convolution(expanded / 4, 1, 1);
    convolution(expanded, 1, 1, 1, Activation::kHardSigmoid);
    add({.kind = LayerKind::kMultiply, .inputs = {source, last()}});
    side_ = side;
  }

  void residual() {
    const std::int64_t source = last();
    const std::int64_t outside = channels_;
    convolution(outside, 3, 1);
    convolution(outside, 3, 1, 1, Activation::kNone);
    add({.kind = LayerKind::kAdd, .inputs = {source, last()}, .activation = Activation::kRelu});
  }

  void pooling() {
    if (side_ < 4) return;
    Layer layer{.kind = pick(0, 1) == 0 ? LayerKind::kMaxPool : LayerKind::kAveragePool};
    layer.window = {.kernel_height = 2, .kernel_width = 2, .stride_height = 2, .stride_width = 2};
    add(std::move(layer));
    side_ /= 2;
  }

  RandomStream& random_;
  Network network_;
  std::int64_t channels_ = 0;
  std::int64_t side_ = 0;
};

}  // namespace

Network random_network(RandomStream& random) { return Builder(random).run(); }

}  // namespace crossloom
