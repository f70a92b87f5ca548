#include <gtest/gtest.h>

#include "compiler/export/network_to_onnx.h"
#include "compiler/import/onnx/onnx_import.h"
#include "tests/compiler/import/onnx/model_builder.h"
#include "tests/support/scratch_folder.h"

/// Learned numbers on their way from one file to the next.
namespace crossloom {
namespace {

/// Numbers written out, each its own.
StoredTensor counted(std::vector<std::int64_t> dims, double first) {
  StoredTensor tensor{.dims = std::move(dims), .type = ElementType::kFloat32};
  for (std::int64_t i = 0; i < num_elements(tensor.dims); ++i) tensor.reals.push_back(first + 0.25 * static_cast<double>(i));
  return tensor;
}

NetworkFile through_file(const NetworkFile& file) {
  const ScratchFolder scratch;
  write_onnx_model(to_onnx(file.network, file.weights), scratch.path("net.onnx"));
  NetworkFile read = import_onnx(scratch.path("net.onnx"));
  read.network.source = file.network.source;
  EXPECT_EQ(read.network, file.network);
  return read;
}

/// Expects the only layer, `y`, to do the same after a way through a file.
void expect_kept(const NetworkFile& file) {
  const ScratchFolder scratch;
  const std::string path = scratch.path("net.onnx");
  write_onnx_model(to_onnx(file.network, file.weights), path);
  const NetworkFile read = import_onnx(path);
  EXPECT_EQ(read.network, file.network);
  const FoldedWeights before = file.weights.load_folded("y");
  const FoldedWeights after = read.weights.load_folded("y");
  EXPECT_EQ(after.weights, before.weights);
  EXPECT_EQ(after.bias, before.bias);
}

ModelBuilder with_tensors(const std::vector<std::int64_t>& image,
                          const std::vector<std::pair<std::string, StoredTensor>>& tensors) {
  ModelBuilder builder(image);
  for (const auto& tensor : tensors) builder.model().initializers.push_back(tensor);
  return builder;
}

TEST(WeightsToOnnx, ConvolutionWithBiasAndBatchNormalization) {
  expect_kept(
      with_tensors({1, 3, 4, 4}, {{"w", counted({2, 3, 1, 1}, 1)},
                                  {"b", counted({2}, -1)},
                                  {"scale", counted({2}, 2)},
                                  {"shift", counted({2}, -3)},
                                  {"mean", counted({2}, 0.5)},
                                  {"variance", counted({2}, 4)}})
          .node("Conv", {"x", "w", "b"}, {"y"})
          .node("BatchNormalization", {"y", "scale", "shift", "mean", "variance"}, {"z"}, {real_attribute("epsilon", 0.125)})
          .file());
}

TEST(WeightsToOnnx, TransposedMatrixWithAnAddedBias) {
  expect_kept(with_tensors({1, 3}, {{"w", counted({3, 5}, 1)}, {"b", counted({5}, -1)}})
                  .node("MatMul", {"x", "w"}, {"y"})
                  .node("Add", {"y", "b"}, {"z"})
                  .file());
}

TEST(WeightsToOnnx, ScaleAndShiftByArithmetic) {
  expect_kept(with_tensors({1, 3, 4, 4}, {{"w", counted({2, 3, 1, 1}, 1)},
                                          {"m", counted({2, 1, 1}, 2)},
                                          {"d", counted({1, 2, 1, 1}, 4)},
                                          {"s", counted({}, 5)}})
                  .node("Conv", {"x", "w"}, {"y"})
                  .node("Sub", {"y", "m"}, {"centred"})
                  .node("Div", {"centred", "d"}, {"scaled"})
                  .node("Add", {"scaled", "s"}, {"z"})
                  .file());
}

TEST(WeightsToOnnx, QuantizedWeightsComeAsFloats) {
  expect_kept(with_tensors({1, 1, 2, 2}, {{"q", {.dims = {2, 1, 1, 1}, .type = ElementType::kInt8, .integers = {10, -6}}},
                                          {"scale", counted({2}, 0.5)},
                                          {"zero", {.dims = {2}, .type = ElementType::kInt8, .integers = {2, 3}}}})
                  .node("DequantizeLinear", {"q", "scale", "zero"}, {"w"}, {integer_attribute("axis", 0)})
                  .node("Conv", {"x", "w"}, {"y"})
                  .file());
}

TEST(WeightsToOnnx, PointwiseMatrixBecomesAConvolution) {
  expect_kept(with_tensors({1, 3, 4, 4}, {{"w", counted({3, 5}, 1)}})
                  .node("Transpose", {"x"}, {"last"}, {integers_attribute("perm", {0, 2, 3, 1})})
                  .node("MatMul", {"last", "w"}, {"y"})
                  .node("Transpose", {"y"}, {"z"}, {integers_attribute("perm", {0, 3, 1, 2})})
                  .file());
}

TEST(WeightsToOnnx, NormalizationOfTheImageKeepsItsNumbers) {
  const NetworkFile file = with_tensors({1, 3, 4, 4}, {{"mean", counted({1, 3, 1, 1}, 2)}, {"scale", counted({}, 255)}})
                               .node("Sub", {"x", "mean"}, {"y"})
                               .node("Div", {"y", "scale"}, {"z"})
                               .file();
  const NetworkFile read = through_file(file);
  const std::vector<NormalizationTensors>& steps = read.weights.find("y")->normalizations;
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(load(*steps[0].mean), (std::vector<float>{2.0F, 2.25F, 2.5F}));
  EXPECT_EQ(load(*steps[1].divisor), std::vector<float>{255.0F});
}

TEST(WeightsToOnnx, ConstantsStayConstants) {
  const NetworkFile file = ModelBuilder({1, 3, 4, 4}).weights("w", {512, 3, 3, 3}, 0.5).node("Conv", {"x", "w"}, {"y"}).file();
  const OnnxModel model = to_onnx(file.network, file.weights);
  EXPECT_TRUE(model.weights.empty());
  EXPECT_EQ(through_file(file).weights.find("y")->weights->stored.fill, 0.5);
}

}  // namespace
}  // namespace crossloom
