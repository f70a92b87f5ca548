#include "accuracy/digital_layers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "support/error.h"
#include "tests/accuracy/example_networks.h"

/// Every digital layer against its definition, evaluated value by value.
namespace crossloom {
namespace {

using Values = std::vector<double>;

Tensor random_tensor(const TensorShape& shape, std::uint64_t seed) {
  return {shape, random_values(static_cast<std::size_t>(shape.num_values()), seed)};
}

/// Output of the layer for these operands, its shape inferred as in a network.
Tensor output_of(Layer layer, const std::vector<Tensor>& operands, const FoldedWeights& normalization = {}) {
  Network network{.name = "test", .source = "test", .input_shape = operands.front().shape, .layers = {}};
  std::vector<const Tensor*> pointers;
  layer.name = "tested";
  for (const Tensor& operand : operands) {
    layer.inputs.push_back(static_cast<std::int64_t>(network.layers.size()));
    network.layers.push_back(Layer{.name = "operand", .kind = LayerKind::kInput, .output_shape = operand.shape});
    pointers.push_back(&operand);
  }
  layer.output_shape = infer_output_shape(network, layer);
  return digital_output(layer, pointers, normalization);
}

/// An input value, or nothing in the padding.
std::optional<double> pixel(const Tensor& image, std::int64_t channel, std::int64_t row, std::int64_t col) {
  if (row < 0 || row >= image.shape.height || col < 0 || col >= image.shape.width) return std::nullopt;
  return image.at(channel, row, col);
}

/// Calls `check(value, channel, row, col)` for every value.
void for_each_value(const Tensor& tensor, const std::function<void(double, std::int64_t, std::int64_t, std::int64_t)>& check) {
  for (std::int64_t channel = 0; channel < tensor.shape.channels; ++channel) {
    for (std::int64_t row = 0; row < tensor.shape.height; ++row) {
      for (std::int64_t col = 0; col < tensor.shape.width; ++col) check(tensor.at(channel, row, col), channel, row, col);
    }
  }
}

/// A window with nothing symmetric about it.
WindowAttributes lopsided_window() {
  return {.kernel_height = 3,
          .kernel_width = 2,
          .stride_height = 2,
          .stride_width = 3,
          .pad_top = 1,
          .pad_left = 0,
          .pad_bottom = 0,
          .pad_right = 1,
          .ceil_mode = true};
}

/// The values under output pixel (row, col), the padding left out.
Values under_window(const Tensor& image, const WindowAttributes& window, std::int64_t channel, std::int64_t row,
                    std::int64_t col) {
  Values values;
  for (std::int64_t i = 0; i < window.kernel_height; ++i) {
    for (std::int64_t j = 0; j < window.kernel_width; ++j) {
      const std::optional<double> value =
          pixel(image, channel, row * window.stride_height + i * window.dilation_height - window.pad_top,
                col * window.stride_width + j * window.dilation_width - window.pad_left);
      if (value) values.push_back(*value);
    }
  }
  return values;
}

double mean(const Values& values, double count) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / count;
}

TEST(MaxPool, IsTheLargestValueUnderTheWindow) {
  const Tensor image = random_tensor({2, 8, 9}, 1);
  for (const std::int64_t dilation : {1, 2}) {
    Layer layer{.kind = LayerKind::kMaxPool, .window = lopsided_window()};
    layer.window.dilation_height = dilation;
    const Tensor output = output_of(layer, {image});
    EXPECT_GT(output.values.size(), 16U);
    for_each_value(output, [&](double value, std::int64_t channel, std::int64_t row, std::int64_t col) {
      EXPECT_EQ(value, std::ranges::max(under_window(image, layer.window, channel, row, col)));
    });
  }
}

TEST(AveragePool, LeavesThePaddingOutOfTheMean) {
  const Tensor image = random_tensor({2, 8, 9}, 2);
  const Layer layer{.kind = LayerKind::kAveragePool, .window = lopsided_window()};
  for_each_value(output_of(layer, {image}), [&](double value, std::int64_t channel, std::int64_t row, std::int64_t col) {
    const Values values = under_window(image, layer.window, channel, row, col);
    EXPECT_DOUBLE_EQ(value, mean(values, static_cast<double>(values.size())));
  });
}

TEST(AveragePool, CountsThePaddingButNotWhatOverhangsIt) {
  Layer layer{.kind = LayerKind::kAveragePool, .window = lopsided_window()};
  layer.window.counts_padding = true;
  layer.window.pad_right = 0;
  // 8 rows padded to 9: windows at rows 0, 2, 4, 6 of them, all whole. 10 columns: windows at 0, 3, 6, 9, the last with one of
  // its two columns.
  const Tensor image = random_tensor({1, 8, 10}, 3);
  const Tensor output = output_of(layer, {image});
  ASSERT_EQ(output.shape, (TensorShape{1, 4, 4}));
  for_each_value(output, [&](double value, std::int64_t, std::int64_t row, std::int64_t col) {
    EXPECT_DOUBLE_EQ(value, mean(under_window(image, layer.window, 0, row, col), col < 3 ? 6.0 : 3.0));
  });
}

TEST(GlobalAveragePool, IsTheMeanOfAChannel) {
  const Tensor image = random_tensor({3, 2, 2}, 4);
  const Tensor output = output_of(Layer{.kind = LayerKind::kGlobalAveragePool}, {image});
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const auto begin = image.values.begin() + static_cast<std::ptrdiff_t>(4 * channel);
    EXPECT_DOUBLE_EQ(output.values[channel], mean(Values(begin, begin + 4), 4.0));
  }
}

TEST(ElementWise, RepeatsOperandsOfExtentOne) {
  const Tensor image = random_tensor({2, 3, 2}, 5);
  const Tensor scale = random_tensor({2, 1, 1}, 6);
  const auto check = [&](LayerKind kind, const std::function<double(double, double)>& function) {
    for_each_value(output_of(Layer{.kind = kind}, {image, scale}),
                   [&](double value, std::int64_t channel, std::int64_t row, std::int64_t col) {
                     EXPECT_EQ(value, function(image.at(channel, row, col), scale.at(channel, 0, 0)));
                   });
  };
  check(LayerKind::kAdd, [](double a, double b) { return a + b; });
  check(LayerKind::kSubtract, [](double a, double b) { return a - b; });
  check(LayerKind::kMultiply, [](double a, double b) { return a * b; });
  check(LayerKind::kDivide, [](double a, double b) { return a / b; });
}

TEST(ElementWise, AddsThreeOperands) {
  const std::vector<Tensor> operands = {random_tensor({1, 2, 2}, 7), random_tensor({1, 2, 2}, 8), random_tensor({1, 2, 2}, 9)};
  const Tensor output = output_of(Layer{.kind = LayerKind::kAdd}, operands);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_DOUBLE_EQ(output.values[i], operands[0].values[i] + operands[1].values[i] + operands[2].values[i]);
  }
}

TEST(Concat, StacksChannels) {
  const Tensor a({1, 1, 2}, {1.0, 2.0});
  const Tensor b({2, 1, 2}, {3.0, 4.0, 5.0, 6.0});
  EXPECT_EQ(output_of(Layer{.kind = LayerKind::kConcat}, {a, b}), Tensor({3, 1, 2}, {1.0, 2.0, 3.0, 4.0, 5.0, 6.0}));
}

TEST(Flatten, KeepsTheOrderOfValues) {
  const Tensor image({2, 1, 2}, {1.0, 2.0, 3.0, 4.0});
  EXPECT_EQ(output_of(Layer{.kind = LayerKind::kFlatten}, {image}), Tensor({4, 1, 1}, image.values));
}

TEST(Slice, TakesChannels) {
  const Tensor image({3, 1, 2}, {1.0, 2.0, 3.0, 4.0, 5.0, 6.0});
  EXPECT_EQ(output_of(Layer{.kind = LayerKind::kSlice, .num_output_channels = 2, .first_channel = 1}, {image}),
            Tensor({2, 1, 2}, {3.0, 4.0, 5.0, 6.0}));
}

TEST(ChannelShuffle, DealsGroupsOut) {
  // Zhang et al., CVPR 2018, figure 1: two groups of three, taken in turn.
  const Tensor image({6, 1, 1}, {0.0, 1.0, 2.0, 10.0, 11.0, 12.0});
  EXPECT_EQ(output_of(Layer{.kind = LayerKind::kChannelShuffle, .num_groups = 2}, {image}),
            Tensor({6, 1, 1}, {0.0, 10.0, 1.0, 11.0, 2.0, 12.0}));
}

TEST(Pad, SurroundsTheImageWithZeros) {
  const Tensor image({1, 1, 2}, {1.0, 2.0});
  const Layer layer{.kind = LayerKind::kPad, .window = {.pad_top = 1, .pad_left = 2, .pad_bottom = 0, .pad_right = 1}};
  EXPECT_EQ(output_of(layer, {image}), Tensor({1, 2, 5}, {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0}));
}

TEST(Crop, LeavesTheBorderOut) {
  const Tensor image({1, 3, 3}, {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0});
  const Layer layer{.kind = LayerKind::kCrop, .window = {.pad_top = 1, .pad_left = 0, .pad_bottom = 0, .pad_right = 1}};
  EXPECT_EQ(output_of(layer, {image}), Tensor({1, 2, 2}, {4.0, 5.0, 7.0, 8.0}));
}

TEST(BatchNorm, ScalesAndShiftsChannels) {
  const Tensor image({2, 1, 2}, {1.0, 2.0, 3.0, 4.0});
  EXPECT_EQ(output_of(Layer{.kind = LayerKind::kBatchNorm}, {image}, {.weights = {2.0F, -1.0F}, .bias = {0.5F, 1.0F}}),
            Tensor({2, 1, 2}, {2.5, 4.5, -2.0, -3.0}));
}

TEST(LocalResponseNorm, DividesByTheNeighbourhood) {
  // Krizhevsky et al., NIPS 2012, section 3.3, over the channel itself and one on each side.
  const Tensor image = random_tensor({4, 1, 2}, 10);
  Layer layer{.kind = LayerKind::kLocalResponseNorm, .num_neighbour_channels = 3};
  layer.local_response = {.alpha = 0.75F, .beta = 0.5F, .bias = 2.0F};
  for_each_value(output_of(layer, {image}), [&](double value, std::int64_t channel, std::int64_t row, std::int64_t col) {
    double squares = 0.0;
    for (std::int64_t other = 0; other < 4; ++other) {
      if (std::abs(other - channel) <= 1) squares += std::pow(image.at(other, row, col), 2);
    }
    EXPECT_NEAR(value, image.at(channel, row, col) / std::sqrt(2.0 + 0.25 * squares), 1e-12);
  });
}

TEST(Reorder, TransposesAxes) {
  // Axes (2, 3, 2) become (3, 2, 2): value (a, b, c) moves to (b, a, c).
  Values values;
  for (int i = 0; i < 12; ++i) values.push_back(i);
  Layer layer{.kind = LayerKind::kReorder, .given_shape = {6, 1, 2}};
  layer.reorder = {.extents = {2, 3, 2}, .order = {1, 0, 2}};
  const Tensor output = output_of(layer, {Tensor({6, 1, 2}, values)});
  for (std::size_t a = 0; a < 2; ++a) {
    for (std::size_t b = 0; b < 3; ++b) {
      for (std::size_t c = 0; c < 2; ++c) EXPECT_EQ(output.values[(b * 2 + a) * 2 + c], values[(a * 3 + b) * 2 + c]);
    }
  }
}

TEST(VectorOperationErrors, HasNoValues) {
  const Tensor image({1, 1, 1}, {1.0});
  EXPECT_THROW(static_cast<void>(output_of(Layer{.kind = LayerKind::kVectorOperation, .given_shape = {1, 1, 1}}, {image})),
               UserError);
}

struct ActivationCase {
  std::string name;
  Activation activation;
  std::optional<float> slope;
  std::function<double(double)> definition;
};

class EveryActivation : public testing::TestWithParam<ActivationCase> {};

TEST_P(EveryActivation, IsItsDefinition) {
  Tensor tensor({9, 1, 1}, {-8.0, -3.0, -1.0, -0.25, 0.0, 0.25, 1.0, 3.0, 8.0});
  const Values before = tensor.values;
  apply_activation(GetParam().activation, GetParam().slope, tensor);
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_NEAR(tensor.values[i], GetParam().definition(before[i]), 1e-15 * std::max(1.0, std::abs(before[i]))) << before[i];
  }
}

double hard_sigmoid(double x, double slope) {
  const double line = slope * x + 0.5;
  return line < 0.0 ? 0.0 : line > 1.0 ? 1.0 : line;
}

INSTANTIATE_TEST_SUITE_P(
    Definitions, EveryActivation,
    testing::Values(
        ActivationCase{"none", Activation::kNone, {}, [](double x) { return x; }},
        ActivationCase{"relu", Activation::kRelu, {}, [](double x) { return x > 0.0 ? x : 0.0; }},
        ActivationCase{"relu6", Activation::kRelu6, {}, [](double x) { return x > 6.0   ? 6.0
                                                                              : x > 0.0 ? x
                                                                                        : 0.0; }},
        ActivationCase{"leaky_relu", Activation::kLeakyRelu, 0.125F, [](double x) { return x > 0.0 ? x : 0.125 * x; }},
        ActivationCase{"hard_sigmoid", Activation::kHardSigmoid, 0.25F, [](double x) { return hard_sigmoid(x, 0.25); }},
        ActivationCase{"hard_swish", Activation::kHardSwish, {}, [](double x) { return x * hard_sigmoid(x, 1.0 / 6.0); }},
        ActivationCase{"sigmoid", Activation::kSigmoid, {}, [](double x) { return 0.5 * (1.0 + std::tanh(x / 2.0)); }},
        ActivationCase{"silu", Activation::kSilu, {}, [](double x) { return 0.5 * x * (1.0 + std::tanh(x / 2.0)); }},
        ActivationCase{"tanh", Activation::kTanh, {}, [](double x) { return 1.0 - 2.0 / (std::exp(2.0 * x) + 1.0); }}),
    [](const testing::TestParamInfo<ActivationCase>& tested) { return tested.param.name; });

TEST(Softmax, IsTheShareOfTheExponentialOverTheChannelsOfAPixel) {
  Tensor share({2, 1, 2}, {std::log(1.0), 1000.0, std::log(3.0), 1000.0});
  Tensor logarithm = share;
  apply_activation(Activation::kSoftmax, {}, share);
  apply_activation(Activation::kLogSoftmax, {}, logarithm);
  const Values expected = {0.25, 0.5, 0.75, 0.5};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(share.values[i], expected[i], 1e-15);
    EXPECT_NEAR(logarithm.values[i], std::log(expected[i]), 1e-15);
  }
}

}  // namespace
}  // namespace crossloom
