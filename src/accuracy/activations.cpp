#include <algorithm>
#include <cmath>

#include "accuracy/digital_layers.h"

namespace crossloom {
namespace {

constexpr double kSix = 6.0;
constexpr float kLeakySlope = 0.01F;
constexpr double kHardSigmoidSlope = 1.0 / 6.0;

template <class Function>
void apply_each(Tensor& tensor, Function function) {
  for (double& value : tensor.values) value = function(value);
}

double sigmoid(double value) { return 1.0 / (1.0 + std::exp(-value)); }
double hard_sigmoid(double value, double slope) { return std::clamp(slope * value + 0.5, 0.0, 1.0); }

/// Each pixel's channels: exp(x - largest) / sum, or its logarithm.
void softmax(Tensor& tensor, bool is_logarithm) {
  const std::int64_t num_pixels = tensor.shape.height * tensor.shape.width;
  for (std::int64_t pixel = 0; pixel < num_pixels; ++pixel) {
    const auto value = [&](std::int64_t channel) -> double& {
      return tensor.values[static_cast<std::size_t>(channel * num_pixels + pixel)];
    };
    double largest = value(0);
    for (std::int64_t channel = 1; channel < tensor.shape.channels; ++channel) largest = std::max(largest, value(channel));
    double sum = 0.0;
    for (std::int64_t channel = 0; channel < tensor.shape.channels; ++channel) sum += std::exp(value(channel) - largest);
    for (std::int64_t channel = 0; channel < tensor.shape.channels; ++channel) {
      const double shifted = value(channel) - largest;
      value(channel) = is_logarithm ? shifted - std::log(sum) : std::exp(shifted) / sum;
    }
  }
}

}  // namespace

void apply_activation(Activation activation, std::optional<float> slope, Tensor& tensor) {
  switch (activation) {
    case Activation::kNone:
      return;
    case Activation::kRelu:
      return apply_each(tensor, [](double x) { return std::max(x, 0.0); });
    case Activation::kRelu6:
      return apply_each(tensor, [](double x) { return std::clamp(x, 0.0, kSix); });
    case Activation::kLeakyRelu: {
      const auto below = static_cast<double>(slope.value_or(kLeakySlope));
      return apply_each(tensor, [below](double x) { return x < 0.0 ? below * x : x; });
    }
    case Activation::kHardSwish:
      return apply_each(tensor, [](double x) { return x * hard_sigmoid(x, kHardSigmoidSlope); });
    case Activation::kHardSigmoid: {
      const double steepness = slope ? static_cast<double>(*slope) : kHardSigmoidSlope;
      return apply_each(tensor, [steepness](double x) { return hard_sigmoid(x, steepness); });
    }
    case Activation::kSigmoid:
      return apply_each(tensor, sigmoid);
    case Activation::kSilu:
      return apply_each(tensor, [](double x) { return x * sigmoid(x); });
    case Activation::kTanh:
      return apply_each(tensor, [](double x) { return std::tanh(x); });
    case Activation::kSoftmax:
      return softmax(tensor, false);
    case Activation::kLogSoftmax:
      return softmax(tensor, true);
  }
}

}  // namespace crossloom
