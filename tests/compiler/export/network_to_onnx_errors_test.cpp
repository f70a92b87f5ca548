#include <gtest/gtest.h>

#include "compiler/export/network_to_onnx.h"
#include "tests/compiler/ir/example_network.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

std::string error_of(const Network& network, const WeightStore& weights = {}) {
  return user_error([&] { return to_onnx(infer_shapes(network), weights); });
}

/// A tensor whose numbers are not known.
WeightTensor shape_alone(std::vector<std::int64_t> dims) {
  WeightTensor tensor;
  tensor.stored = {.dims = std::move(dims), .type = ElementType::kFloat32};
  return tensor;
}

TEST(NetworkToOnnxErrors, VectorOperationHasNoOperator) {
  Layer layer = plain("mish", LayerKind::kVectorOperation);
  layer.given_shape = {3, 4, 5};
  EXPECT_EQ(error_of(network_of({3, 4, 5}) + layer),
            "layer mish: a vector operation, whose meaning is not known, cannot be exported to ONNX");
}

TEST(NetworkToOnnxErrors, DilatedMeanHasNoOperator) {
  Layer layer = plain("mean", LayerKind::kAveragePool);
  layer.window = {.kernel_height = 2, .kernel_width = 2, .dilation_height = 2};
  EXPECT_EQ(error_of(network_of({3, 4, 5}) + layer),
            "layer mean: a dilated average pool cannot be exported to ONNX operator set 13");
}

TEST(NetworkToOnnxErrors, LastWindowDroppedInOneDirection) {
  Layer layer = plain("pool", LayerKind::kMaxPool);
  layer.window = {
      .kernel_height = 2, .kernel_width = 2, .stride_height = 3, .stride_width = 2, .pad_bottom = 1, .ceil_mode = true};
  EXPECT_EQ(error_of(network_of({3, 3, 5}) + layer),
            "layer pool: ceil_mode drops the last window in one direction alone, which ONNX cannot say");
}

TEST(NetworkToOnnxErrors, WeightsThatTheFileComputes) {
  WeightStore weights;
  LayerTensors tensors;
  tensors.weights = shape_alone({4, 3, 1, 1});
  weights.set("a", tensors);
  EXPECT_EQ(error_of(network_of({3, 4, 5}) + convolution("a", 4, 1), weights),
            "layer a: the numbers of its weights are not known, as the file computes them (--without-weights leaves all out)");
}

TEST(NetworkToOnnxErrors, LayerThatTheStoreDoesNotKnow) {
  WeightStore weights;
  weights.set("another", {});
  EXPECT_EQ(error_of(network_of({3, 4, 5}) + convolution("a", 4, 1), weights),
            "layer a: has no weights (--without-weights leaves all out)");
}

}  // namespace
}  // namespace crossloom
