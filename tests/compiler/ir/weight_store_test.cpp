#include "compiler/ir/weight_store.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/error_message.h"

namespace crossloom {
namespace {

StoredTensor reals(std::vector<std::int64_t> dims, std::vector<double> numbers) {
  return {.dims = std::move(dims), .type = ElementType::kFloat32, .reals = std::move(numbers)};
}

WeightTensor weights(std::vector<std::int64_t> dims, std::vector<double> numbers) {
  return {.stored = reals(std::move(dims), std::move(numbers)), .permutation = {}, .dequantization = {}};
}

TEST(LoadWeightTensor, PutsAxisPermutationIAtI) {
  WeightTensor tensor = weights({2, 3}, {1, 2, 3, 4, 5, 6});
  tensor.permutation = {1, 0};
  EXPECT_EQ(load(tensor), (std::vector<float>{1, 4, 2, 5, 3, 6}));
}

TEST(LoadWeightTensor, ScalesAlongTheAxisOfTheStoredTensor) {
  WeightTensor tensor = weights({2, 3}, {1, 2, 3, 4, 5, 6});
  tensor.dequantization = {reals({3}, {1, 10, 100}), reals({3}, {0, 1, 2})};
  tensor.dequantization_axis = 1;
  EXPECT_EQ(load(tensor), (std::vector<float>{1, 10, 100, 4, 40, 400}));  // (q - zero point) scale
  tensor.permutation = {1, 0};
  EXPECT_EQ(load(tensor), (std::vector<float>{1, 4, 10, 40, 100, 400}));
}

TEST(LoadWeightTensor, ScalesAlongTheFirstAxisOfThree) {
  WeightTensor tensor = weights({2, 1, 2}, {1, 2, 3, 4});
  tensor.dequantization = {reals({2}, {1, 10}), reals({}, {1})};
  EXPECT_EQ(load(tensor), (std::vector<float>{0, 1, 20, 30}));
}

TEST(WeightStore, FoldsBatchNormalizationAsItsFormulaSays) {
  WeightStore store;
  LayerTensors tensors{.weights = weights({2, 2}, {1, 2, 3, 4}), .bias = weights({2}, {0.5, -0.5}), .normalizations = {}};
  NormalizationTensors normalization{.scale = weights({2}, {3, 5}),
                                     .shift = weights({2}, {7, 11}),
                                     .mean = weights({2}, {0.25, 0.75}),
                                     .variance = weights({2}, {3.75, 8.75}),
                                     .divisor = weights({}, {2}),
                                     .epsilon = 0.25};
  tensors.normalizations = {normalization};
  store.set("layer", tensors);
  const FoldedWeights folded = store.load_folded("layer");
  // Factors 3 / (2 sqrt 4) and 5 / (2 sqrt 9); bias (b - mean) factor + shift.
  const double factors[] = {3.0 / 4.0, 5.0 / 6.0};
  const double expected_bias[] = {(0.5 - 0.25) * factors[0] + 7, (-0.5 - 0.75) * factors[1] + 11};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_FLOAT_EQ(folded.weights.at(i), static_cast<float>(static_cast<double>(i + 1) * factors[i / 2]));
  for (std::size_t i = 0; i < 2; ++i) EXPECT_FLOAT_EQ(folded.bias.at(i), static_cast<float>(expected_bias[i]));
}

TEST(WeightStore, NormalizationsApplyInOrder) {
  WeightStore store;
  const NormalizationTensors doubled{.scale = weights({}, {2}), .variance = weights({}, {1})};
  const NormalizationTensors raised{.shift = weights({}, {1}), .variance = weights({}, {1})};
  store.set("a", {.weights = weights({1, 1}, {1}), .bias = std::nullopt, .normalizations = {doubled, raised}});
  store.set("b", {.weights = weights({1, 1}, {1}), .bias = std::nullopt, .normalizations = {raised, doubled}});
  EXPECT_EQ(store.load_folded("a").bias, std::vector<float>{1});
  EXPECT_EQ(store.load_folded("b").bias, std::vector<float>{2});
}

TEST(WeightStoreErrors, LayerWithoutWeights) {
  WeightStore store;
  store.set("known", {.weights = WeightTensor{.stored = {.dims = {1, 1}, .type = ElementType::kFloat32}}});
  EXPECT_FALSE(store.has_weights("known"));
  for (const char* layer : {"known", "unknown"}) {
    EXPECT_EQ(user_error([&] { return store.load_folded(layer); }),
              std::string("layer ") + layer + ": the network comes without its weights");
  }
}

TEST(NumElementsErrors, BeyondTheLimits) {
  EXPECT_EQ(num_elements({}), 1);
  EXPECT_EQ(num_elements({1 << 20, 1 << 20}), std::int64_t{1} << 40);
  EXPECT_EQ(num_elements({0, std::int64_t{1} << 62}), 0);
  EXPECT_EQ(user_error([] { return num_elements({1 << 20, 1 << 20, 2}); }), "a tensor of more than 2^40 numbers");
  EXPECT_EQ(user_error([] { return num_elements({-1}); }), "an extent of -1, allowed: at least 0");
}

}  // namespace
}  // namespace crossloom
