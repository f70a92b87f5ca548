#include "training/variable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "support/random_stream.h"

namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::FloatEq;

std::vector<float> random_values(std::size_t count, std::uint64_t seed) {
  RandomStream random(seed, {});
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(2.0 * random.next_uniform() - 1.0);
  return values;
}

/// A depthwise convolution of images that are parameters too, and its loss: the sum of outputs x fixed factors.
class DepthwiseLoss {
 public:
  DepthwiseLoss(std::int64_t kernel, std::int64_t stride) {
    use_threads(1);  // tests run side by side
    window_.kernel_height = window_.kernel_width = kernel;
    window_.stride_height = window_.stride_width = stride;
    window_.pad_height = window_.pad_width = kernel / 2;
    weight_dims_ = {kChannels, 1, kernel, kernel};
    images_ = random_values(2 * kChannels * kExtent * kExtent, 1);
    weights_ = random_values(static_cast<std::size_t>(kChannels * kernel * kernel), 2);
  }

  /// Gradients of the weights, then of the images.
  [[nodiscard]] std::vector<float> gradients(DepthwiseGradient kind) {
    std::vector<float> image_gradient(images_.size());
    std::vector<float> weight_gradient(weights_.size());
    const Variable weights = Variable::parameter(weight_dims_, weights_.data(), weight_gradient.data());
    const Variable images = Variable::parameter(kImageDims, images_.data(), image_gradient.data());
    backward(loss(images, weights, kind), 1.0);
    weight_gradient.insert(weight_gradient.end(), image_gradient.begin(), image_gradient.end());
    return weight_gradient;
  }

  /// Central difference along one weight, or one pixel behind them.
  [[nodiscard]] double slope(std::size_t index) {
    constexpr float kStep = 2.0F;  // the loss is linear in each number, so a long step only makes rounding small
    float& value = index < weights_.size() ? weights_[index] : images_[index - weights_.size()];
    const float middle = value;
    value = middle + kStep;
    const double above = loss_now();
    value = middle - kStep;
    const double below = loss_now();
    value = middle;
    return (above - below) / (2.0 * static_cast<double>(kStep));
  }

 private:
  static constexpr std::int64_t kChannels = 18;
  static constexpr std::int64_t kExtent = 7;
  inline static const std::vector<std::int64_t> kImageDims = {2, kChannels, kExtent, kExtent};

  [[nodiscard]] Variable loss(const Variable& images, const Variable& weights, DepthwiseGradient kind) const {
    const Variable output = convolution(images, weights, {}, window_, kChannels, kind);
    std::int64_t count = 1;
    for (const std::int64_t extent : output.dims()) count *= extent;
    const Variable factors = Variable::constant({1, count}, random_values(static_cast<std::size_t>(count), 3));
    return reshaped(linear(reshaped(output, {1, count}), factors, {}), {});
  }
  [[nodiscard]] double loss_now() {
    return static_cast<double>(loss(Variable::view(kImageDims, images_.data()), Variable::view(weight_dims_, weights_.data()),
                                    DepthwiseGradient::kLibTorch)
                                   .values()
                                   .front());
  }

  WindowShape window_;
  std::vector<std::int64_t> weight_dims_;
  std::vector<float> images_;
  std::vector<float> weights_;
};

TEST(OwnDepthwiseGradient, AgreesWithLibTorchsAndWithFiniteDifferences) {
  for (const std::int64_t kernel : {3, 5, 7}) {
    for (const std::int64_t stride : {1, 2}) {
      SCOPED_TRACE(testing::Message() << kernel << 'x' << kernel << ", stride " << stride);
      DepthwiseLoss loss(kernel, stride);
      const std::vector<float> own = loss.gradients(DepthwiseGradient::kOwn);
      const std::vector<float> torch = loss.gradients(DepthwiseGradient::kLibTorch);
      ASSERT_EQ(own.size(), torch.size());
      for (std::size_t i = 0; i < own.size(); ++i) ASSERT_NEAR(own[i], torch[i], 1e-4);
      for (std::size_t i = 0; i < own.size(); i += own.size() / 20)
        EXPECT_NEAR(static_cast<double>(own[i]), loss.slope(i), 1e-4 * std::max(1.0, std::abs(loss.slope(i)))) << i;
    }
  }
}

TEST(FakeQuantized, RoundsHalvesToEvenAndPassesGradientsWithinTheRange) {
  std::vector<float> values = {0.25F, 0.75F, -0.26F, 9.0F};
  std::vector<float> gradient(4);
  const Variable x = Variable::parameter({1, 4}, values.data(), gradient.data());
  const Variable quantized = fake_quantized(x, 0.5, -3, 3);
  EXPECT_THAT(quantized.values(), ElementsAre(0.0F, 1.0F, -0.5F, 1.5F));
  backward(reshaped(linear(quantized, Variable::constant({1, 4}, {1, 2, 3, 4}), {}), {}), 1.0);
  EXPECT_THAT(gradient, ElementsAre(1.0F, 2.0F, 3.0F, 0.0F));

  const Variable rows = fake_quantized_channels(Variable::constant({2, 2}, {0.3F, 1.0F, 0.3F, 1.0F}), {0.5F, 0.1F}, 3);
  EXPECT_THAT(rows.values(), ElementsAre(0.5F, 1.0F, FloatEq(0.3F), FloatEq(0.3F)));
}

/// What LSQ makes of these values and the gradients of their roundings: section 2.1, equation 3, and section 2.2.
double learned_step_gradient(const std::vector<float>& values, const std::vector<float>& gradients, double step, double low,
                             double high, double values_an_image) {
  double sum = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double scaled = static_cast<double>(values[i]) / step;
    const double slope = scaled <= low ? low : scaled >= high ? high : std::rint(scaled) - scaled;
    sum += static_cast<double>(gradients[i]) * slope;
  }
  return sum / std::sqrt(values_an_image * high);
}

TEST(FakeQuantized, LearnsItsRangeByTheGradientOfTheStep) {
  // In steps of 1/4 from -3 to 3: inside, outside on both sides.
  std::vector<float> values = {0.3F, -0.35F, 0.55F, 2.0F, -1.0F, 0.72F, -0.7F, 0.1F};
  const std::vector<float> factors = {1.0F, -2.0F, 3.0F, 0.5F, 4.0F, -1.5F, 2.5F, 1.0F};
  std::vector<float> gradient(8);
  float range = 0.75F;
  float range_gradient = 0.0F;
  const auto loss = [&] {
    const Variable x = Variable::parameter({2, 4}, values.data(), gradient.data());
    const Variable quantized = fake_quantized(x, Variable::parameter({1}, &range, &range_gradient), -3, 3);
    return reshaped(linear(reshaped(quantized, {1, 8}), Variable::constant({1, 8}, factors), {}), {});
  };
  const Variable x = Variable::constant({2, 4}, values);
  EXPECT_EQ(fake_quantized(x, Variable::constant({1}, {range}), -3, 3).values(), fake_quantized(x, 0.25, -3, 3).values());
  backward(loss(), 1.0);
  EXPECT_THAT(gradient, ElementsAre(1.0F, -2.0F, 3.0F, 0.0F, 0.0F, -1.5F, 2.5F, 1.0F));
  constexpr double kHigh = 3.0;
  EXPECT_NEAR(range_gradient, kHigh * learned_step_gradient(values, factors, 0.25, -3.0, kHigh, 4.0), 1e-5);

  // Far outside the rounded values are multiples of the range itself, so that a finite difference sees the slope.
  values = {2.0F, -2.0F, 3.0F, 2.0F, -5.0F, 9.0F, -4.0F, 2.0F};
  range_gradient = 0.0F;
  backward(loss(), 1.0);
  range = 0.875F;
  const double above = static_cast<double>(loss().values().front());
  range = 0.625F;
  const double below = static_cast<double>(loss().values().front());
  const double slope_of_step = kHigh * (above - below) / 0.25;
  EXPECT_NEAR(range_gradient, kHigh * slope_of_step / std::sqrt(4.0 * kHigh), 1e-4);
}

TEST(DeviceArray, IsTheNumbersThemselvesOnTheCpu) {
  std::vector<float> values = {1.0F, 2.0F};
  const DeviceArray array(values.data(), values.size(), Device::kCpu);
  EXPECT_EQ(array.data(), values.data());
  values[1] = 3.0F;
  array.to_device();
  array.from_device();
  EXPECT_THAT(values, ElementsAre(1.0F, 3.0F));
  EXPECT_EQ(device_problem(Device::kCpu), "");
}

TEST(CrossEntropy, IsTheMeanOfItsDefinition) {
  const Variable logits = Variable::constant({1, 2}, {0.0F, std::log(3.0F)});  // probabilities 1/4 and 3/4
  EXPECT_NEAR(cross_entropy(logits, std::vector<std::int64_t>{1}).values().front(), -std::log(0.75), 1e-6);
  const Variable target = Variable::constant({1, 2}, {0.1F, 0.9F});
  EXPECT_NEAR(cross_entropy(logits, target).values().front(), -0.9 * std::log(0.75) - 0.1 * std::log(0.25), 1e-6);
}

}  // namespace
}  // namespace crossloom
