#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/error.h"

namespace crossloom {

/// What a layer computes. Shapes are NCHW with N = 1.
enum class LayerKind {
  kInput,        ///< the image; exactly one, always layer 0
  kConvolution,  ///< dense, grouped or depthwise (groups = channels) 2-D convolution
  kLinear,       ///< fully connected: input flattened in CHW order
  kMaxPool,
  kAveragePool,
  kGlobalAveragePool,  ///< mean over height and width, output 1x1
  kActivation,         ///< element-wise non-linearity on its own
  kAdd,                ///< element-wise sum of two or more equal shapes (residual)
  kMultiply,           ///< element-wise product; one operand may be Cx1x1 (squeeze-excite scale)
  kConcat,             ///< along channels
  kFlatten,            ///< CxHxW to (C*H*W)x1x1; no work
  kSubtract,           ///< element-wise first - second; the second may be Cx1x1
  kDivide,             ///< element-wise first / second; the second may be Cx1x1
  kSlice,              ///< channels [first_channel, first_channel + num_output_channels) of the input (channel split)
  kChannelShuffle,     ///< channel g * (C / groups) + i moves to i * groups + g (Zhang et al., CVPR 2018, figure 1)
  kPad,                ///< zeros around the image, as wide as window.pad_*
  kBatchNorm,          ///< learned scale and shift a channel, standing where no convolution or linear layer can absorb it
  kLocalResponseNorm,  ///< across neighbouring channels (Krizhevsky et al., NIPS 2012, section 3.3)
};
[[nodiscard]] std::span<const std::string_view> enum_names(LayerKind);

enum class Activation { kNone, kRelu, kRelu6, kLeakyRelu, kHardSwish, kHardSigmoid, kSigmoid, kSilu, kTanh, kSoftmax };
[[nodiscard]] std::span<const std::string_view> enum_names(Activation);

/// One image's tensor: channels x height x width, each 1 to 2^20, product at most 2^31.
struct TensorShape {
  std::int64_t channels = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;
  [[nodiscard]] std::int64_t num_values() const { return channels * height * width; }
  friend bool operator==(const TensorShape&, const TensorShape&) = default;
};

/// Sliding window of a convolution or pooling layer, in pixels. Output extent by the usual rule
/// floor((input + pad_before + pad_after - dilation * (kernel - 1) - 1) / stride) + 1, or ceil for `ceil_mode` pooling
/// (a last window that would start at or beyond input + pad_before is dropped, as PyTorch does).
struct WindowAttributes {
  std::int64_t kernel_height = 1;
  std::int64_t kernel_width = 1;
  std::int64_t stride_height = 1;
  std::int64_t stride_width = 1;
  std::int64_t dilation_height = 1;
  std::int64_t dilation_width = 1;
  std::int64_t pad_top = 0;
  std::int64_t pad_left = 0;
  std::int64_t pad_bottom = 0;
  std::int64_t pad_right = 0;
  bool ceil_mode = false;
  friend bool operator==(const WindowAttributes&, const WindowAttributes&) = default;
};

/// A node of the layer graph. Layers stand in topological order; `inputs` are indices of earlier layers.
struct Layer {
  std::string name;  ///< unique in the network
  LayerKind kind = LayerKind::kInput;
  std::vector<std::int64_t> inputs;
  WindowAttributes window;                    ///< convolution and pooling; a pad layer has its pad_* alone
  std::int64_t num_output_channels = 0;       ///< convolution, linear, slice
  std::int64_t first_channel = 0;             ///< slice
  std::int64_t num_groups = 1;                ///< convolution, channel shuffle
  std::int64_t num_neighbour_channels = 0;    ///< local response normalization: channels of a neighbourhood, itself included
  bool has_bias = false;                      ///< convolution, linear: a learned bias of its own
  bool has_batch_norm = false;                ///< convolution, linear: followed by a batch normalization (folded when lowered)
  Activation activation = Activation::kNone;  ///< applied to this layer's output
  TensorShape output_shape;                   ///< set by infer_shapes
  friend bool operator==(const Layer&, const Layer&) = default;
};

/// Exact figures a network file declares of itself. Parameters: learned numbers (weights, biases, batch-norm scale and shift);
/// MACs: multiplications of convolutions and linear layers for one image at the declared input shape.
struct ExpectedCounts {
  std::int64_t num_parameters = 0;
  std::int64_t num_macs = 0;
  friend bool operator==(const ExpectedCounts&, const ExpectedCounts&) = default;
};

/// A layer graph with shapes and without weights.
struct Network {
  std::string name;
  std::string source;  ///< paper or file the network comes from
  TensorShape input_shape;
  bool has_signed_input = true;  ///< normalized images have negative values
  std::vector<Layer> layers;     ///< [0] is the input; the last layer is the output
  friend bool operator==(const Network&, const Network&) = default;
};

/// Something wrong with one layer; the message is `layer <name>: <problem>`. A reader of files adds where the layer stands.
class LayerError : public UserError {
 public:
  LayerError(std::string layer, std::string problem);
  [[nodiscard]] const std::string& layer() const { return layer_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  std::string layer_;
  std::string problem_;
};

/// Longest side of a tensor, and largest size, stride, padding or number of channels of a layer.
inline constexpr std::int64_t kMaxExtent = std::int64_t{1} << 20;
/// Most values of a tensor.
inline constexpr std::int64_t kMaxTensorValues = std::int64_t{1} << 31;

/// Sets `output_shape` of every layer from `network.input_shape`. Throws LayerError for shapes that do not
/// fit (channels not divisible by groups, kernel larger than the padded input, unequal operands of an addition, overflow), and
/// whatever `check_network` throws.
/// Example: a 3x224x224 input and a convolution of 64 channels, kernel 3, stride 2, no padding: 64x111x111.
[[nodiscard]] Network infer_shapes(Network network);

/// Output shape of `layer`, whose inputs are layers of `network` with shapes already set. One step of `infer_shapes`, for
/// readers that need shapes while they build. `layer` must pass the checks of `check_network`. Throws LayerError.
[[nodiscard]] TensorShape infer_output_shape(const Network& network, const Layer& layer);

/// Throws UserError (LayerError where it is about one layer) unless the graph is well formed: one input, unique names, inputs
/// are earlier layers, right number of inputs for each kind, attributes in range, no layer without a consumer but the last.
void check_network(const Network& network);

/// Shape of input `operand` of `layer`.
[[nodiscard]] const TensorShape& input_shape_of(const Network& network, const Layer& layer, std::size_t operand = 0);

/// Learned numbers of a layer, by the convention of ExpectedCounts. Throw UserError when a count overflows 64 bits.
[[nodiscard]] std::int64_t num_parameters(const Network& network, const Layer& layer);
[[nodiscard]] std::int64_t num_parameters(const Network& network);
/// Multiply-accumulates of a layer for one image; 0 but for convolutions and linear layers. Throw like `num_parameters`.
[[nodiscard]] std::int64_t num_macs(const Network& network, const Layer& layer);
[[nodiscard]] std::int64_t num_macs(const Network& network);

/// Whether the values a layer puts out can be negative: false after ReLU, ReLU6, sigmoid, hard-sigmoid and softmax. The other
/// activations keep the sign, and pooling, concatenation, addition, products and quotients, moves of data and local response
/// normalization pass on what their inputs are; everything else is signed. O(layers before this one).
[[nodiscard]] bool has_signed_output(const Network& network, const Layer& layer);
/// `has_signed_output` of every layer, in one pass.
[[nodiscard]] std::vector<bool> signed_outputs(const Network& network);

}  // namespace crossloom
