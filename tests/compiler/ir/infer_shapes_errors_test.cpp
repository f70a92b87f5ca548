#include <gtest/gtest.h>

#include "compiler/ir/network.h"
#include "tests/compiler/ir/example_network.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

std::string error_of(const Network& network) {
  return user_error([&] { return infer_shapes(network); });
}

TEST(InferShapesErrors, KernelLargerThanThePaddedInput) {
  EXPECT_EQ(error_of(network_of({3, 4, 9}) + convolution("conv", 8, 7, 1, 1)),
            "layer conv: kernel 7x7 is larger than the padded input 6x11");
}

TEST(InferShapesErrors, DilatedKernelLargerThanThePaddedInput) {
  Layer conv = convolution("conv", 8, 3);
  conv.window.dilation_height = conv.window.dilation_width = 4;
  EXPECT_EQ(error_of(network_of({3, 8, 9}) + conv),
            "layer conv: kernel 3x3 (dilation 4x4) is larger than the padded input 8x9");
}

TEST(InferShapesErrors, InputChannelsNotDivisibleByGroups) {
  Layer conv = convolution("conv", 8, 3);
  conv.num_groups = 4;
  EXPECT_EQ(error_of(network_of({3, 8, 8}) + conv), "layer conv: 3 input channels do not divide into 4 groups");
}

TEST(InferShapesErrors, OutputChannelsNotDivisibleByGroups) {
  Layer conv = convolution("conv", 8, 3);
  conv.num_groups = 3;
  EXPECT_EQ(error_of(network_of({3, 8, 8}) + conv), "layer conv: 8 output channels do not divide into 3 groups");
}

TEST(InferShapesErrors, ShuffledChannelsNotDivisibleByGroups) {
  Layer shuffle = plain("shuffle", LayerKind::kChannelShuffle);
  shuffle.num_groups = 2;
  EXPECT_EQ(error_of(network_of({3, 8, 8}) + shuffle), "layer shuffle: 3 input channels do not divide into 2 groups");
}

TEST(InferShapesErrors, AddOfUnequalShapes) {
  EXPECT_EQ(error_of(network_of({3, 8, 8}) + convolution("conv", 4, 1) + plain("sum", LayerKind::kAdd, {0, 1})),
            "layer sum: operands 3x8x8 and 4x8x8, allowed: equal shapes, or extents of 1, which are repeated");
}

TEST(InferShapesErrors, MultiplyByAnotherNumberOfChannels) {
  EXPECT_EQ(error_of(network_of({3, 8, 8}) + convolution("conv", 4, 8) + plain("scale", LayerKind::kMultiply, {0, 1})),
            "layer scale: operands 3x8x8 and 4x1x1, allowed: equal shapes, or extents of 1, which are repeated");
}

TEST(InferShapesErrors, CropOfTheWholeImage) {
  Layer crop = plain("crop", LayerKind::kCrop);
  crop.window.pad_top = 5;
  crop.window.pad_bottom = 3;
  EXPECT_EQ(error_of(network_of({3, 8, 8}) + crop),
            "layer crop: leaves nothing of an input 3x8x8, allowed: at least one pixel");
}

TEST(InferShapesErrors, ReorderToAnotherNumberOfValues) {
  Layer reorder = plain("reorder", LayerKind::kReorder);
  reorder.given_shape = {.channels = 3, .height = 8, .width = 9};
  EXPECT_EQ(error_of(network_of({3, 8, 8}) + reorder),
            "layer reorder: an input 3x8x8 read as 192 values, output 3x8x9, allowed: as many values");
  reorder.given_shape = {.channels = 3, .height = 8, .width = 8};
  reorder.reorder = {.extents = {3, 7}, .order = {1, 0}};
  EXPECT_EQ(error_of(network_of({3, 8, 8}) + reorder),
            "layer reorder: an input 3x8x8 read as 21 values, output 3x8x8, allowed: as many values");
}

TEST(InferShapesErrors, ConcatOfUnequalImages) {
  EXPECT_EQ(error_of(network_of({3, 8, 8}) + convolution("conv", 4, 3) + plain("join", LayerKind::kConcat, {0, 1})),
            "layer join: operands 3x8x8 and 4x6x6, allowed: equal heights and widths");
}

TEST(InferShapesErrors, SliceBeyondTheChannels) {
  Layer slice = plain("slice", LayerKind::kSlice);
  slice.first_channel = 2;
  slice.num_output_channels = 2;
  EXPECT_EQ(error_of(network_of({3, 8, 8}) + slice), "layer slice: channels 2 to 3 of an input of 3 channels");
}

TEST(InferShapesErrors, FlattenedImageLongerThanATensorMayBe) {
  EXPECT_EQ(error_of(network_of({2, 1024, 1024}) + plain("flat", LayerKind::kFlatten)),
            "layer flat: output 2097152x1x1, allowed: each extent from 1 to 1048576");
}

TEST(InferShapesErrors, TensorOfTooManyValues) {
  EXPECT_EQ(error_of(network_of({1, 65536, 32768}) + convolution("conv", 2, 1)),
            "layer conv: output 2x65536x32768, allowed: at most 2147483648 values");
}

TEST(InferShapesErrors, ImageOfTooManyValues) {
  EXPECT_EQ(error_of(network_of({1048576, 1048576, 1048576}) + linear("fc", 2)),
            "layer image: output 1048576x1048576x1048576, allowed: at most 2147483648 values");
}

TEST(InferShapesErrors, ImageWithoutRows) {
  EXPECT_EQ(error_of(network_of({3, 0, 8}) + linear("fc", 2)),
            "layer image: output 3x0x8, allowed: each extent from 1 to 1048576");
}

TEST(InferShapesErrors, PaddingBeyondTheLargestExtent) {
  Layer pad = plain("pad", LayerKind::kPad);
  pad.window.pad_bottom = kMaxExtent;
  EXPECT_EQ(error_of(network_of({1, 1, 1}) + pad), "layer pad: output 1x1048577x1, allowed: each extent from 1 to 1048576");
}

}  // namespace
}  // namespace crossloom
