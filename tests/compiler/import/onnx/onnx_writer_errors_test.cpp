#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/document.h"
#include "tests/compiler/import/onnx/model_builder.h"
#include "tests/support/error_message.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

/// The message for a model whose output is like its input.
std::string error_of(OnnxModel model, const std::string& path, TensorPlace place = TensorPlace::kModelFile) {
  model.outputs.at(0).dims = model.inputs.at(0).dims;
  return user_error([&] {
    write_onnx_model(model, path, place);
    return 0;
  });
}

OnnxModel relu() { return ModelBuilder({1, 3}).node("Relu", {"x"}, {"y"}).model(); }

/// A model with a tensor of 64 KiB in a file that has just been lost.
OnnxModel model_of_a_lost_file(const ScratchFolder& scratch) {
  ModelBuilder builder({1, 16384});
  StoredTensor tensor{.dims = {16384}, .type = ElementType::kFloat32, .path = scratch.path("lost")};
  tensor.ranges = {{.offset = 0, .num_bytes = 65536}};
  builder.model().initializers.emplace_back("c", tensor);
  return builder.node("Add", {"x", "c"}, {"y"}).model();
}

TEST(WriteOnnxModelErrors, FolderThatDoesNotExist) {
  const ScratchFolder scratch;
  EXPECT_EQ(error_of(relu(), scratch.path("no/m.onnx")),
            scratch.path("no/m.onnx") + ": cannot be written: No such file or directory");
  EXPECT_THAT(scratch.names(), IsEmpty());
}

TEST(WriteOnnxModelErrors, PathIsAFolder) {
  const ScratchFolder scratch;
  EXPECT_EQ(error_of(relu(), scratch.path()), scratch.path() + ": cannot be written: Is a directory");
}

TEST(WriteOnnxModelErrors, UnknownOperatorIsRefusedByOnnxAndLeavesNothing) {
  const ScratchFolder scratch;
  const OnnxModel model = ModelBuilder({1, 3}).node("Frobnicate", {"x"}, {"y"}).model();
  EXPECT_THAT(error_of(model, scratch.path("m.onnx")),
              StartsWith(scratch.path("m.onnx") + ": is no valid ONNX: No Op registered for Frobnicate"));
  EXPECT_THAT(scratch.names(), IsEmpty());
}

TEST(WriteOnnxModelErrors, LostNumbersLeaveTheOldFileAlone) {
  for (const TensorPlace place : {TensorPlace::kModelFile, TensorPlace::kDataFile}) {
    const ScratchFolder scratch;
    const std::string path = scratch.file("m.onnx", "old");
    EXPECT_EQ(error_of(model_of_a_lost_file(scratch), path, place),
              scratch.path("lost") + ": weights cannot be read: No such file or directory");
    EXPECT_THAT(scratch.names(), ElementsAre("m.onnx"));
    EXPECT_EQ(read_text_file(path), "old");
  }
}

TEST(WriteOnnxModelErrors, MoreThanProtobufAllowsAsksForADataFile) {
  const ScratchFolder scratch;
  ModelBuilder builder({1, 3});
  StoredTensor tensor{.dims = {std::int64_t{1} << 29}, .type = ElementType::kFloat32, .path = scratch.path("lost")};
  tensor.ranges = {{.offset = 0, .num_bytes = std::int64_t{1} << 31}};
  builder.model().initializers.emplace_back("c", tensor);
  const OnnxModel model = builder.node("Add", {"x", "c"}, {"y"}).model();
  EXPECT_THAT(error_of(model, scratch.path("m.onnx")),
              testing::HasSubstr("allowed: less than 2 GiB in one file (--external-data puts the weights beside it)"));
  EXPECT_THAT(scratch.names(), IsEmpty());
}

TEST(WriteOnnxModelErrors, TensorWithTooFewNumbers) {
  const ScratchFolder scratch;
  ModelBuilder builder({1, 3});
  WeightTensor tensor;
  tensor.stored = {.dims = {2}, .type = ElementType::kFloat32, .reals = {1, 2}};
  builder.model().weights.push_back({.name = "c", .dims = {3}, .tensor = tensor});
  EXPECT_EQ(error_of(builder.node("Add", {"x", "c"}, {"y"}).model(), scratch.path("m.onnx")), "tensor c: 2 numbers, needed: 3");
  EXPECT_THAT(scratch.names(), IsEmpty());
}

}  // namespace
}  // namespace crossloom
