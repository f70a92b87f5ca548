#include "training/variable.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/cuda.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "training/depthwise_gradient.h"

namespace crossloom {
namespace {

const at::TensorOptions kFloat = at::TensorOptions(at::kFloat);

at::TensorOptions floats_on(Device device) { return kFloat.device(device == Device::kCuda ? at::kCUDA : at::kCPU); }

/// `x` where `other` is, if one of both is on a GPU.
at::Tensor beside(const at::Tensor& x, const at::Tensor& other) { return other.is_cuda() ? x.to(other.device()) : x; }

c10::optional<at::Tensor> optional_tensor(const Variable& variable) {
  return variable.exists() ? c10::optional<at::Tensor>(variable.tensor()) : c10::nullopt;
}

/// A depthwise convolution whose weight gradient is ours; all else is LibTorch's. Inputs: images, weights, strides, paddings,
/// the same on opposite sides.
class DepthwiseConvolution : public torch::autograd::Function<DepthwiseConvolution> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& images, const at::Tensor& weights,
                            const std::vector<std::int64_t>& strides, const std::vector<std::int64_t>& paddings) {
    context->save_for_backward({images, weights});
    context->saved_data["strides"] = strides;
    context->saved_data["paddings"] = paddings;
    return at::conv2d(images, weights, c10::nullopt, strides, at::IntArrayRef(paddings), 1, images.size(1));
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const torch::autograd::variable_list saved = context->get_saved_variables();
    const at::Tensor& weights = saved[1];
    const std::vector<std::int64_t> strides = context->saved_data["strides"].toIntVector();
    const std::vector<std::int64_t> paddings = context->saved_data["paddings"].toIntVector();
    const at::Tensor output_gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor image_gradient =
        std::get<0>(at::convolution_backward(output_gradient, saved[0], weights, c10::nullopt, strides, paddings, {1, 1}, false,
                                             {0, 0}, saved[0].size(1), {true, false, false}));
    const at::Tensor images = at::constant_pad_nd(saved[0], {paddings[1], paddings[1], paddings[0], paddings[0]})
                                  .contiguous(at::MemoryFormat::ChannelsLast);
    at::Tensor weight_gradient = at::empty(weights.sizes(), kFloat);
    DepthwiseShape shape;
    shape.num_images = images.size(0);
    shape.channels = images.size(1);
    shape.input_height = images.size(2);
    shape.input_width = images.size(3);
    shape.output_height = output_gradient.size(2);
    shape.output_width = output_gradient.size(3);
    shape.kernel_height = weights.size(2);
    shape.kernel_width = weights.size(3);
    shape.stride_height = strides[0];
    shape.stride_width = strides[1];
    depthwise_weight_gradient(shape, images.data_ptr<float>(), output_gradient.data_ptr<float>(),
                              weight_gradient.data_ptr<float>());
    return {image_gradient, weight_gradient, at::Tensor(), at::Tensor()};
  }
};

}  // namespace

Variable::Variable(const at::Tensor& tensor) : tensor_(std::make_shared<const at::Tensor>(tensor)) {}

Variable Variable::constant(const std::vector<std::int64_t>& dims, std::vector<float> values) {
  return Variable(at::from_blob(values.data(), dims, kFloat).clone());
}

Variable Variable::view(const std::vector<std::int64_t>& dims, float* values, Device device) {
  return Variable(at::from_blob(values, dims, floats_on(device)));
}

Variable Variable::parameter(const std::vector<std::int64_t>& dims, float* values, float* gradient, Device device) {
  at::Tensor tensor = at::from_blob(values, dims, floats_on(device));
  tensor.set_requires_grad(true);
  tensor.mutable_grad() = at::from_blob(gradient, dims, floats_on(device));
  return Variable(tensor);
}

Variable Variable::images(const std::vector<std::int64_t>& dims, float* values) {
  const std::int64_t channels = dims[1];
  const std::vector<std::int64_t> strides{dims[2] * dims[3] * channels, 1, dims[3] * channels, channels};
  return Variable(at::from_blob(values, dims, strides, kFloat));
}

std::vector<std::int64_t> Variable::dims() const { return tensor_->sizes().vec(); }

std::vector<float> Variable::values() const {
  const at::Tensor contiguous = tensor_->detach().cpu().contiguous();
  const float* first = contiguous.data_ptr<float>();
  return std::vector<float>(first, first + contiguous.numel());
}

std::vector<float> Variable::sample(std::int64_t count) const {
  const at::Tensor tensor = tensor_->detach().cpu();
  // What is dense in another order of the axes is taken as it lies.
  const at::Tensor dense = tensor.is_non_overlapping_and_dense() ? tensor : tensor.contiguous();
  const float* first = dense.data_ptr<float>();
  const std::int64_t step = std::max<std::int64_t>(dense.numel() / count, 1);
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(dense.numel() / step + 1));
  for (std::int64_t i = 0; i < dense.numel(); i += step) values.push_back(first[i]);
  return values;
}

std::string device_problem(Device device) {
  if (device == Device::kCpu || torch::cuda::is_available()) return {};
  return at::hasCUDA() ? "LibTorch finds no GPU" : "this LibTorch is built without CUDA";
}

DeviceArray::DeviceArray(float* values, std::size_t count, Device device) : data_(values) {
  const std::vector<std::int64_t> dims{static_cast<std::int64_t>(count)};
  host_ = Variable::view(dims, values);
  if (device == Device::kCpu) return;
  on_device_ = Variable(at::empty(dims, floats_on(device)));
  data_ = on_device_.tensor().data_ptr<float>();
}

void DeviceArray::to_device() const {
  if (on_device_.exists()) on_device_.tensor().copy_(host_.tensor());
}

void DeviceArray::from_device() const {
  if (on_device_.exists()) host_.tensor().copy_(on_device_.tensor());
}

Variable convolution(const Variable& images, const Variable& weights, const Variable& bias, const WindowShape& window,
                     std::int64_t num_groups, DepthwiseGradient depthwise) {
  const at::Tensor& x = images.tensor();
  const at::Tensor w = beside(weights.tensor(), x);
  const std::vector<std::int64_t> strides{window.stride_height, window.stride_width};
  const std::vector<std::int64_t> paddings{window.pad_height, window.pad_width};
  const std::vector<std::int64_t> dilations{window.dilation_height, window.dilation_width};
  const bool is_depthwise = num_groups == x.size(1) && w.size(0) == num_groups && num_groups > 1;
  const bool is_dilated = window.dilation_height != 1 || window.dilation_width != 1;
  if (is_depthwise && !is_dilated && depthwise == DepthwiseGradient::kOwn && x.is_cpu() && w.requires_grad()) {
    const at::Tensor y = DepthwiseConvolution::apply(x, w, strides, paddings);
    return Variable(bias.exists() ? y + bias.tensor().view({1, -1, 1, 1}) : y);
  }
  return Variable(at::conv2d(x, w, optional_tensor(bias), strides, at::IntArrayRef(paddings), dilations, num_groups));
}

Variable linear(const Variable& rows, const Variable& weights, const Variable& bias) {
  return Variable(at::linear(rows.tensor(), beside(weights.tensor(), rows.tensor()), optional_tensor(bias)));
}

Variable batch_norm(const Variable& images, const NormalizationVariables& normalization, bool is_training, double momentum) {
  return Variable(at::batch_norm(images.tensor(), optional_tensor(normalization.scale), optional_tensor(normalization.shift),
                                 normalization.mean.tensor(), normalization.variance.tensor(), is_training, momentum,
                                 normalization.epsilon, false));
}

Variable max_pool(const Variable& images, const WindowShape& window) {
  return Variable(at::max_pool2d(images.tensor(), {window.kernel_height, window.kernel_width},
                                 {window.stride_height, window.stride_width}, {0, 0},
                                 {window.dilation_height, window.dilation_width}));
}

Variable average_pool(const Variable& images, const WindowShape& window) {
  return Variable(at::avg_pool2d(images.tensor(), {window.kernel_height, window.kernel_width},
                                 {window.stride_height, window.stride_width}));
}

Variable global_average(const Variable& images) { return Variable(images.tensor().mean({2, 3}, true)); }

Variable local_response(const Variable& images, std::int64_t num_channels, double alpha, double beta, double bias) {
  const at::Tensor& x = images.tensor();
  const std::int64_t before = (num_channels - 1) / 2;
  const at::Tensor squares = at::constant_pad_nd(x * x, {0, 0, 0, 0, before, num_channels - 1 - before});
  const at::Tensor sums = squares.unfold(1, num_channels, 1).sum(-1);
  return Variable(x / (sums * (alpha / static_cast<double>(num_channels)) + bias).pow(beta));
}

Variable padded(const Variable& images, const Border& border, double value) {
  return Variable(at::constant_pad_nd(images.tensor(), {border.left, border.right, border.top, border.bottom}, value));
}

Variable apply(UnaryFunction function, const Variable& x) {
  switch (function) {
    case UnaryFunction::kRelu:
      return Variable(at::relu(x.tensor()));
    case UnaryFunction::kRelu6:
      return Variable(at::hardtanh(x.tensor(), 0, 6));
    case UnaryFunction::kHardSwish:
      return Variable(at::hardswish(x.tensor()));
    case UnaryFunction::kSigmoid:
      return Variable(at::sigmoid(x.tensor()));
    case UnaryFunction::kSilu:
      return Variable(at::silu(x.tensor()));
    case UnaryFunction::kTanh:
      return Variable(at::tanh(x.tensor()));
    case UnaryFunction::kSoftmax:
      return Variable(at::softmax(x.tensor(), 1));
    case UnaryFunction::kLogSoftmax:
      return Variable(at::log_softmax(x.tensor(), 1));
    case UnaryFunction::kRound:
      return Variable(at::round(x.tensor()));
    case UnaryFunction::kFloor:
      return Variable(at::floor(x.tensor()));
  }
  return x;
}

Variable apply(BinaryFunction function, const Variable& a, const Variable& b) {
  const at::Tensor x = beside(a.tensor(), b.tensor());
  const at::Tensor y = beside(b.tensor(), a.tensor());
  switch (function) {
    case BinaryFunction::kAdd:
      return Variable(x + y);
    case BinaryFunction::kSubtract:
      return Variable(x - y);
    case BinaryFunction::kMultiply:
      return Variable(x * y);
    case BinaryFunction::kDivide:
      return Variable(x / y);
  }
  return a;
}

Variable leaky_relu(const Variable& x, double slope) { return Variable(at::leaky_relu(x.tensor(), slope)); }

Variable hard_sigmoid(const Variable& x, double slope) { return Variable(at::clamp(x.tensor() * slope + 0.5, 0.0, 1.0)); }

Variable clamped(const Variable& x, double low, double high) { return Variable(at::clamp(x.tensor(), low, high)); }

Variable on_device(const Variable& x, Device device) { return Variable(x.tensor().to(floats_on(device).device())); }

Variable detached(const Variable& x) { return Variable(x.tensor().detach()); }

Variable concatenated(const std::vector<Variable>& images) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(images.size());
  for (const Variable& image : images) tensors.push_back(image.tensor());
  return Variable(at::cat(tensors, 1));
}

Variable first_images(const Variable& images, std::int64_t count) { return Variable(images.tensor().narrow(0, 0, count)); }

Variable channels(const Variable& images, std::int64_t first, std::int64_t count) {
  return Variable(images.tensor().narrow(1, first, count));
}

Variable reshaped(const Variable& x, const std::vector<std::int64_t>& dims) { return Variable(x.tensor().reshape(dims)); }

Variable permuted(const Variable& x, const std::vector<std::int64_t>& order) { return Variable(x.tensor().permute(order)); }

Variable fake_quantized(const Variable& x, double scale, std::int64_t low, std::int64_t high) {
  return Variable(at::fake_quantize_per_tensor_affine(x.tensor(), scale, 0, low, high));
}

Variable fake_quantized(const Variable& x, const Variable& range, std::int64_t low, std::int64_t high) {
  const at::Tensor& values = x.tensor();
  const auto largest = static_cast<double>(high);
  const double values_an_image = static_cast<double>(values.numel()) / static_cast<double>(values.size(0));
  const at::Tensor step = beside(range.tensor().reshape({1}) / largest, values);
  // The division above divides the gradient of the step once more.
  const double gradient_factor = largest * largest / std::sqrt(values_an_image * largest);
  return Variable(at::_fake_quantize_learnable_per_tensor_affine(values, step, at::zeros({1}, kFloat.device(values.device())),
                                                                 low, high, gradient_factor));
}

Variable fake_quantized_channels(const Variable& x, std::vector<float> scales, std::int64_t high) {
  const auto count = static_cast<std::int64_t>(scales.size());
  const at::Tensor scale = beside(at::from_blob(scales.data(), {count}, kFloat).clone(), x.tensor());
  const at::Tensor zero_point = beside(at::zeros({count}, at::TensorOptions(at::kInt)), x.tensor());
  return Variable(at::fake_quantize_per_channel_affine(x.tensor(), scale, zero_point, 0, -high, high));
}

Variable cross_entropy(const Variable& logits, const std::vector<std::int64_t>& labels) {
  const at::Tensor target = beside(at::tensor(labels, at::TensorOptions(at::kLong)), logits.tensor());
  return Variable(at::cross_entropy_loss(logits.tensor(), target));
}

Variable cross_entropy(const Variable& logits, const Variable& probabilities) {
  return Variable(at::cross_entropy_loss(logits.tensor(), beside(probabilities.tensor(), logits.tensor())));
}

void backward(const Variable& loss, double factor) {
  loss.tensor().backward(beside(at::full({}, factor, kFloat), loss.tensor()));
}

NoGradients::NoGradients() : was_enabled_(at::GradMode::is_enabled()) { at::GradMode::set_enabled(false); }

NoGradients::~NoGradients() { at::GradMode::set_enabled(was_enabled_); }

void use_threads(int count) { at::set_num_threads(count); }

}  // namespace crossloom
