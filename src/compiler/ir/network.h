#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/error.h"

namespace crossloom {

/// What a layer computes. Shapes are NCHW with N = 1. Operands of an element-wise sum, product, difference or quotient have
/// equal shapes, or an extent of 1 where others have more: it is repeated (as NumPy broadcasts).
enum class LayerKind {
  kInput,        ///< the image; exactly one, always layer 0
  kConvolution,  ///< dense, grouped or depthwise (groups = channels) 2-D convolution
  kLinear,       ///< fully connected: input flattened in CHW order
  kMaxPool,
  kAveragePool,
  kGlobalAveragePool,  ///< mean over height and width, output 1x1
  kActivation,         ///< element-wise non-linearity on its own
  kAdd,                ///< element-wise sum of two or more operands (residual)
  kMultiply,           ///< element-wise product (squeeze-excite scale)
  kConcat,             ///< along channels
  kFlatten,            ///< CxHxW to (C*H*W)x1x1; no work
  kSubtract,           ///< element-wise first - second
  kDivide,             ///< element-wise first / second
  kSlice,              ///< channels [first_channel, first_channel + num_output_channels) of the input (channel split)
  kChannelShuffle,     ///< channel g * (C / groups) + i moves to i * groups + g (Zhang et al., CVPR 2018, figure 1)
  kPad,                ///< zeros around the image, as wide as window.pad_*
  kBatchNorm,          ///< learned scale and shift a channel, standing where no convolution or linear layer can absorb it
  kLocalResponseNorm,  ///< across neighbouring channels (Krizhevsky et al., NIPS 2012, section 3.3)
  kCrop,               ///< rows and columns around the image left out, as many as window.pad_*
  kReorder,            ///< all values in another order, read as another shape: `reorder`
  kVectorOperation,    ///< an operation known by its output's shape alone: `given_shape`
};
[[nodiscard]] std::span<const std::string_view> enum_names(LayerKind);

enum class Activation {
  kNone,
  kRelu,
  kRelu6,
  kLeakyRelu,
  kHardSwish,
  kHardSigmoid,
  kSigmoid,
  kSilu,
  kTanh,
  kSoftmax,
  kLogSoftmax
};
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
  bool counts_padding = false;  ///< average pooling: padding counts as values of the mean
  friend bool operator==(const WindowAttributes&, const WindowAttributes&) = default;
};

/// Values in another order: those of the input in CHW order are cut into axes of `extents`, whose product is their number; axis
/// i of the result is axis order[i]. Empty: the order stays. Example: extents {2, 3, 4}, order {1, 0, 2} shuffles 6 channels of
/// 4 pixels in 2 groups.
struct AxisOrder {
  std::vector<std::int64_t> extents;
  std::vector<std::int64_t> order;
  friend bool operator==(const AxisOrder&, const AxisOrder&) = default;
};

/// Constants of local response normalization over n channels: x / (bias + alpha / n * sum of squares)^beta (Krizhevsky et al.,
/// NIPS 2012, section 3.3, with their alpha times n; the defaults of ONNX and PyTorch).
struct LocalResponse {
  float alpha = 1e-4F;
  float beta = 0.75F;
  float bias = 1.0F;
  friend bool operator==(const LocalResponse&, const LocalResponse&) = default;
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
  LocalResponse local_response;               ///< local response normalization
  AxisOrder reorder;                          ///< reorder
  TensorShape given_shape;                    ///< reorder and vector operation: shape of the output
  bool has_bias = false;                      ///< convolution, linear: a learned bias of its own
  bool has_batch_norm = false;                ///< convolution, linear: followed by a batch normalization (folded when lowered)
  Activation activation = Activation::kNone;  ///< applied to this layer's output
  /// Slope of a leaky ReLU below zero (absent: 0.01), or of a hard sigmoid at zero (absent: 1/6, Howard et al., ICCV 2019).
  std::optional<float> activation_slope;
  TensorShape output_shape;  ///< set by infer_shapes
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
/// readers that need shapes while they build. `layer` must pass `check_attributes`. Throws LayerError.
[[nodiscard]] TensorShape infer_output_shape(const Network& network, const Layer& layer);

/// Throws UserError (LayerError where it is about one layer) unless the graph is well formed: one input, unique names, inputs
/// are earlier layers, right number of inputs for each kind, attributes in range, no layer without a consumer but the last.
void check_network(const Network& network);

/// The part of `check_network` that is about one layer alone: attributes in range for its kind. Throws LayerError.
void check_attributes(const Layer& layer);

/// Shape of input `operand` of `layer`.
[[nodiscard]] const TensorShape& input_shape_of(const Network& network, const Layer& layer, std::size_t operand = 0);

/// Learned numbers of a layer, by the convention of ExpectedCounts. Throw UserError when a count overflows 64 bits.
[[nodiscard]] std::int64_t num_parameters(const Network& network, const Layer& layer);
[[nodiscard]] std::int64_t num_parameters(const Network& network);
/// Numbers that a chip holds of a layer: as `num_parameters`, but scale and shift of a batch normalization that follows a
/// convolution or linear layer are folded into its weights and one bias an output channel.
[[nodiscard]] std::int64_t num_folded_parameters(const Network& network, const Layer& layer);
[[nodiscard]] std::int64_t num_folded_parameters(const Network& network);
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
