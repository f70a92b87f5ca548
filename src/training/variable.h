#pragma once

// Included by sources that are C++17.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace at {
class Tensor;
}

namespace crossloom {

/// Extents and strides of a convolution or pooling window; zeros around the image, as many on opposite sides, for a convolution
/// alone.
struct WindowShape {
  std::int64_t kernel_height = 1;
  std::int64_t kernel_width = 1;
  std::int64_t stride_height = 1;
  std::int64_t stride_width = 1;
  std::int64_t dilation_height = 1;
  std::int64_t dilation_width = 1;
  std::int64_t pad_height = 0;
  std::int64_t pad_width = 0;
};

/// Pixels around an image.
struct Border {
  std::int64_t top = 0;
  std::int64_t left = 0;
  std::int64_t bottom = 0;
  std::int64_t right = 0;
};

/// How the weight gradient of a depthwise convolution is computed: by LibTorch, or by our own kernel, which is faster for all
/// but 3x3 (depthwise_gradient.h).
enum class DepthwiseGradient { kOwn, kLibTorch };

/// Where a network's numbers lie while it is computed.
enum class Device { kCpu, kCuda };
/// Empty when LibTorch can compute on the device, otherwise why it cannot.
[[nodiscard]] std::string device_problem(Device device);

/// An array of binary32 that remembers the operations it came from, so that gradients can flow back through them: LibTorch's
/// tensor, of which no header of ours speaks. Copies share their numbers. Images are batches N x C x H x W.
class Variable {
 public:
  Variable() = default;
  explicit Variable(const at::Tensor& tensor);

  /// Numbers in row-major order; none flow back into them.
  static Variable constant(const std::vector<std::int64_t>& dims, std::vector<float> values);
  /// Numbers kept elsewhere, in row-major order, on the device, which must outlive the variable.
  static Variable view(const std::vector<std::int64_t>& dims, float* values, Device device = Device::kCpu);
  /// A view that gradients flow back into: `backward` adds to `gradient`, which has as many numbers.
  static Variable parameter(const std::vector<std::int64_t>& dims, float* values, float* gradient,
                            Device device = Device::kCpu);
  /// A view of pixels in N, H, W, C order as a batch of images N x C x H x W: the order that convolutions are fastest in.
  static Variable images(const std::vector<std::int64_t>& dims, float* values);

  [[nodiscard]] std::vector<std::int64_t> dims() const;
  /// The numbers in row-major order.
  [[nodiscard]] std::vector<float> values() const;
  /// `count` of the numbers at equal distances in memory, or all when there are fewer.
  [[nodiscard]] std::vector<float> sample(std::int64_t count) const;
  [[nodiscard]] const at::Tensor& tensor() const { return *tensor_; }
  [[nodiscard]] bool exists() const { return tensor_ != nullptr; }

 private:
  std::shared_ptr<const at::Tensor> tensor_;
};

/// Numbers on the CPU, and a copy of them on the device where that is another one. What meets in an operation is brought to the
/// device of its operand there; results come back with Variable::values.
class DeviceArray {
 public:
  /// `values` must outlive the array.
  DeviceArray(float* values, std::size_t count, Device device);
  /// Where the device has the numbers.
  [[nodiscard]] float* data() const { return data_; }
  void to_device() const;
  void from_device() const;

 private:
  Variable host_;
  Variable on_device_;  ///< does not exist on the CPU
  float* data_;
};

/// Numbers of a batch normalization, one a channel. `mean` and `variance` are views, which training updates.
struct NormalizationVariables {
  Variable scale;
  Variable shift;
  Variable mean;
  Variable variance;
  double epsilon = 1e-5;
};

/// kRound: halves to even.
enum class UnaryFunction { kRelu, kRelu6, kHardSwish, kSigmoid, kSilu, kTanh, kSoftmax, kLogSoftmax, kRound, kFloor };
enum class BinaryFunction { kAdd, kSubtract, kMultiply, kDivide };

/// `bias` may be absent. Weights: [output channels][input channels / groups][kernel height][kernel width].
[[nodiscard]] Variable convolution(const Variable& images, const Variable& weights, const Variable& bias,
                                   const WindowShape& window, std::int64_t num_groups, DepthwiseGradient depthwise);
/// Rows times weights [outputs][inputs].
[[nodiscard]] Variable linear(const Variable& rows, const Variable& weights, const Variable& bias);
/// Mean and variance of the batch (`is_training`; running ones are updated with the share `momentum`), or the running ones.
[[nodiscard]] Variable batch_norm(const Variable& images, const NormalizationVariables& normalization, bool is_training,
                                  double momentum);
[[nodiscard]] Variable max_pool(const Variable& images, const WindowShape& window);
/// Mean over the window, all positions counted.
[[nodiscard]] Variable average_pool(const Variable& images, const WindowShape& window);
[[nodiscard]] Variable global_average(const Variable& images);
/// x / (bias + alpha / n * sum of squares of n neighbouring channels)^beta.
[[nodiscard]] Variable local_response(const Variable& images, std::int64_t num_channels, double alpha, double beta,
                                      double bias);
/// A border of `value`; negative widths crop.
[[nodiscard]] Variable padded(const Variable& images, const Border& border, double value);
[[nodiscard]] Variable apply(UnaryFunction function, const Variable& x);
[[nodiscard]] Variable apply(BinaryFunction function, const Variable& a, const Variable& b);
[[nodiscard]] Variable leaky_relu(const Variable& x, double slope);
/// clamp(slope * x + 1/2, 0, 1).
[[nodiscard]] Variable hard_sigmoid(const Variable& x, double slope);
[[nodiscard]] Variable clamped(const Variable& x, double low, double high);
[[nodiscard]] Variable on_device(const Variable& x, Device device);
/// The same numbers, through which no gradient flows.
[[nodiscard]] Variable detached(const Variable& x);
[[nodiscard]] Variable concatenated(const std::vector<Variable>& images);
[[nodiscard]] Variable first_images(const Variable& images, std::int64_t count);
[[nodiscard]] Variable channels(const Variable& images, std::int64_t first, std::int64_t count);
[[nodiscard]] Variable reshaped(const Variable& x, const std::vector<std::int64_t>& dims);
[[nodiscard]] Variable permuted(const Variable& x, const std::vector<std::int64_t>& order);
/// Nearest multiple of `scale` from low to high multiples, halves to even; gradients pass straight through within the range
/// (Bengio, Leonard, Courville, arXiv 1308.3432).
[[nodiscard]] Variable fake_quantized(const Variable& x, double scale, std::int64_t low, std::int64_t high);
/// The same for a batch, with the range as a parameter: a single number above 0, the magnitude of `high` multiples, whose step
/// is learned (LSQ: Esser et al., ICLR 2020). Per value the gradient of the step is round(x / step) - x / step within the range
/// and `low` or `high` outside (equation 3, but values less than half a step beyond the range count as within, as for x
/// itself); its sum is scaled by 1 / sqrt(values of one image x high) (section 2.2). What flows into the range is `high` times
/// that, so that a descent on the range is one on the step.
[[nodiscard]] Variable fake_quantized(const Variable& x, const Variable& range, std::int64_t low, std::int64_t high);
/// The first with a scale for each index of the first axis, from -high to high.
[[nodiscard]] Variable fake_quantized_channels(const Variable& x, std::vector<float> scales, std::int64_t high);

/// Mean cross entropy of logits (rows of one number a class).
[[nodiscard]] Variable cross_entropy(const Variable& logits, const std::vector<std::int64_t>& labels);
/// The same against rows of target probabilities, such as another network's (distillation: Hinton, Vinyals, Dean, arXiv
/// 1503.02531).
[[nodiscard]] Variable cross_entropy(const Variable& logits, const Variable& probabilities);
/// Adds the gradients of a single number, times `factor`, to those of the parameters it depends on.
void backward(const Variable& loss, double factor);

/// While one lives nothing is remembered for gradients in this thread.
class NoGradients {
 public:
  NoGradients();
  NoGradients(const NoGradients&) = delete;
  NoGradients(NoGradients&&) = delete;
  NoGradients& operator=(const NoGradients&) = delete;
  NoGradients& operator=(NoGradients&&) = delete;
  ~NoGradients();

 private:
  bool was_enabled_;
};

/// Operations that the calling thread starts run in this many threads.
void use_threads(int count);

}  // namespace crossloom
