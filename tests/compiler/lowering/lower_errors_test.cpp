#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/lowering/lower.h"
#include "tests/compiler/example_layers.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

std::string refusal(const Network& network) {
  return user_error([&] { return lower(infer_shapes(network)); });
}

TEST(LowerErrors, WindowsInPaddingAloneAreRefused) {
  EXPECT_THAT(refusal(network_of({3, 4, 4}) + convolution("conv", 2, 1, 1, 1)),
              testing::HasSubstr("layer conv: some output pixels depend on padding alone"));
  EXPECT_EQ(refusal(network_of({3, 4, 4}) + convolution("conv", 2, 2, 1, 1)), "(no error)");
}

TEST(LowerErrors, DilationThatStepsOverTheImageIsRefused) {
  Layer layer = convolution("conv", 2, 2, 1, 2);
  layer.window.dilation_height = 3;
  layer.window.dilation_width = 3;
  // One row: offsets -2 and 1 both miss it.
  EXPECT_THAT(refusal(network_of({3, 1, 1}) + layer), testing::HasSubstr("padding alone"));
}

TEST(LowerErrors, ASliceInsideAFlattenedChannelIsRefused) {
  EXPECT_THAT(refusal(network_of({4, 2, 2}) + plain("flat", LayerKind::kFlatten) + slice("part", 2, 4)),
              testing::HasSubstr("layer part: slices a flattened image inside a channel"));
}

TEST(LowerErrors, ABranchThatASliceCutsOffIsRefused) {
  EXPECT_THAT(refusal(network_of({3, 4, 4}) + convolution("a", 2, 1) + reading(convolution("b", 2, 1), {0}) +
                      plain("both", LayerKind::kConcat, {1, 2}) + slice("first", 0, 2)),
              testing::HasSubstr("layer b: no later layer reads any channel"));
}

TEST(LowerErrors, AMatrixOfTooManyWeightsIsRefused) {
  EXPECT_THAT(refusal(network_of({64, 512, 512}) + linear("fc", 1 << 10)),
              testing::HasSubstr("layer fc: a matrix of 16777216 x 1024 weights"));
}

}  // namespace
}  // namespace crossloom
