#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "support/document.h"
#include "tests/compiler/import/onnx/model_builder.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::ElementsAre;

/// Floats of every sort: all exponents, both signs, denormal numbers, infinities.
std::vector<float> hard_floats() {
  std::vector<float> numbers{0.0F, -0.0F, INFINITY, -INFINITY, 1.0F / 3.0F};
  for (std::uint32_t bits = 1; bits < 0x7f800000U; bits += 0x00031415U) {
    numbers.push_back(std::bit_cast<float>(bits));
    numbers.push_back(-std::bit_cast<float>(bits));
  }
  return numbers;
}

/// A stored tensor whose numbers lie in a file of the folder.
StoredTensor stored(const ScratchFolder& scratch, const std::vector<float>& numbers) {
  std::string bytes(numbers.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  StoredTensor tensor{.dims = {static_cast<std::int64_t>(numbers.size())}, .type = ElementType::kFloat32};
  tensor.ranges = {{.offset = 0, .num_bytes = static_cast<std::int64_t>(bytes.size())}};
  tensor.path = scratch.file("numbers", bytes);
  return tensor;
}

/// A model that adds the tensor to its input.
OnnxModel model_with(const StoredTensor& tensor) {
  ModelBuilder builder({1, tensor.dims.at(0)});
  builder.model().initializers.emplace_back("c", tensor);
  builder.node("Add", {"x", "c"}, {"y"}).model().outputs.at(0).dims = builder.model().inputs.at(0).dims;
  return builder.model();
}

std::vector<float> written_and_read(const OnnxModel& model, const std::string& path,
                                    TensorPlace place = TensorPlace::kModelFile) {
  write_onnx_model(model, path, place);
  return load(read_onnx_model(path).initializers.at(0).second);
}

/// Whether the bits agree; -0 differs from 0.
bool are_same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

TEST(WriteOnnxModel, CopiesStoredFloatsBitByBit) {
  const ScratchFolder scratch;
  const std::vector<float> numbers = hard_floats();
  EXPECT_TRUE(are_same_bits(written_and_read(model_with(stored(scratch, numbers)), scratch.path("m.onnx")), numbers));
}

TEST(WriteOnnxModel, KeepsInlineFloatsBitByBit) {
  const ScratchFolder scratch;
  const std::vector<float> numbers = hard_floats();
  StoredTensor tensor{.dims = {static_cast<std::int64_t>(numbers.size())}, .type = ElementType::kFloat32};
  tensor.reals.assign(numbers.begin(), numbers.end());
  EXPECT_TRUE(are_same_bits(written_and_read(model_with(tensor), scratch.path("m.onnx")), numbers));
}

TEST(WriteOnnxModel, PutsLargeTensorsIntoADataFileBesideIt) {
  const ScratchFolder scratch;
  const std::vector<float> numbers = hard_floats();
  const OnnxModel model = model_with(stored(scratch, numbers));
  EXPECT_TRUE(are_same_bits(written_and_read(model, scratch.path("m.onnx"), TensorPlace::kDataFile), numbers));
  EXPECT_THAT(scratch.names(), ElementsAre("m.onnx", "m.onnx.data", "numbers"));
  EXPECT_EQ(std::filesystem::file_size(scratch.path("m.onnx.data")), numbers.size() * sizeof(float));
}

TEST(WriteOnnxModel, KeepsTensorsOfOneKibibyteInTheModel) {
  const ScratchFolder scratch;
  const std::vector<float> numbers(256, 1.5F);
  const OnnxModel model = model_with(stored(scratch, numbers));
  EXPECT_EQ(written_and_read(model, scratch.path("m.onnx"), TensorPlace::kDataFile), numbers);
  EXPECT_THAT(scratch.names(), ElementsAre("m.onnx", "numbers"));
}

TEST(WriteOnnxModel, RewritesTheFileItReadsFrom) {
  const ScratchFolder scratch;
  const std::string path = scratch.path("m.onnx");
  const std::vector<float> numbers = hard_floats();
  write_onnx_model(model_with(stored(scratch, numbers)), path, TensorPlace::kDataFile);
  EXPECT_TRUE(are_same_bits(written_and_read(read_onnx_model(path), path, TensorPlace::kDataFile), numbers));
  EXPECT_TRUE(are_same_bits(written_and_read(read_onnx_model(path), path), numbers));
}

TEST(WriteOnnxModel, KeepsIntegersOfEveryWidth) {
  const std::vector<std::int64_t> numbers{0, 1, 100, 127};
  for (const ElementType type : {ElementType::kInt8, ElementType::kUint8, ElementType::kInt16, ElementType::kUint16,
                                 ElementType::kInt32, ElementType::kUint32, ElementType::kInt64, ElementType::kUint64}) {
    const ScratchFolder scratch;
    write_onnx_model(model_with({.dims = {4}, .type = type, .integers = numbers}), scratch.path("m.onnx"));
    EXPECT_EQ(read_onnx_model(scratch.path("m.onnx")).initializers.at(0).second.integers, numbers);
  }
}

TEST(WriteOnnxModel, CopiesIntegersOfVariableLength) {
  const ScratchFolder scratch;
  StoredTensor tensor{.dims = {20000}, .type = ElementType::kInt64};
  for (std::int64_t i = 0; i < 20000; ++i) tensor.integers.push_back(i * i);
  write_onnx_model(model_with(tensor), scratch.path("a.onnx"));
  const OnnxModel read = read_onnx_model(scratch.path("a.onnx"));
  ASSERT_TRUE(read.initializers.at(0).second.is_varint);
  EXPECT_EQ(written_and_read(read, scratch.path("b.onnx")), load(tensor));
}

TEST(WriteOnnxModel, MakesConstantsByANode) {
  const ScratchFolder scratch;
  const std::string path = scratch.path("m.onnx");
  write_onnx_model(model_with({.dims = {1000000}, .type = ElementType::kFloat32, .fill = 0.5}), path);
  EXPECT_LT(std::filesystem::file_size(path), 1000U);
  EXPECT_EQ(read_onnx_model(path).nodes.at(0).op_type, "ConstantOfShape");
}

TEST(WriteOnnxModel, KeepsNodesAttributesAndMetadata) {
  const ScratchFolder scratch;
  ModelBuilder builder = ModelBuilder({1, 3, -1, 5})
                             .node("LRN", {"x"}, {"y"}, {integer_attribute("size", 3), real_attribute("alpha", 0.5)})
                             .node("MaxPool", {"y"}, {"z"},
                                   {integers_attribute("kernel_shape", {2, 2}), text_attribute("auto_pad", "SAME_UPPER")});
  builder.model().metadata = {{"key", "value"}};
  builder.model().outputs.at(0).dims = builder.model().inputs.at(0).dims;
  write_onnx_model(builder.model(), scratch.path("m.onnx"));
  const OnnxModel read = read_onnx_model(scratch.path("m.onnx"));
  EXPECT_EQ(read.nodes, builder.model().nodes);
  EXPECT_EQ(read.inputs, builder.model().inputs);
  EXPECT_EQ(read.metadata, builder.model().metadata);
  EXPECT_EQ(read.opset, 13);
  EXPECT_EQ(read.graph_name, "test");
}

}  // namespace
}  // namespace crossloom
