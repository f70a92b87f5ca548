#include <gtest/gtest.h>

#include "compiler/import/load_network.h"

/// Output shapes of single layers against the tables of the papers.
namespace crossloom {
namespace {

TensorShape shape_of(const Network& network, std::string_view name) {
  for (const Layer& layer : network.layers) {
    if (layer.name == name) return layer.output_shape;
  }
  return {};
}

TEST(PublishedShapes, SqueezeNet11) {
  // forresti/SqueezeNet, SqueezeNet_v1.1/train_val.prototxt; sizes as Caffe prints them (227x227 and 224x224 differ only in
  // conv1).
  const Network network = load_network("squeezenet1_1").network;
  EXPECT_EQ(shape_of(network, "conv1"), (TensorShape{64, 111, 111}));
  EXPECT_EQ(shape_of(network, "pool1"), (TensorShape{64, 55, 55}));
  EXPECT_EQ(shape_of(network, "pool3"), (TensorShape{128, 27, 27}));
  EXPECT_EQ(shape_of(network, "pool5"), (TensorShape{256, 13, 13}));
  EXPECT_EQ(shape_of(network, "fire9_concat"), (TensorShape{512, 13, 13}));
}

TEST(PublishedShapes, SqueezeNet10) {
  // Iandola et al. 2016, table 1 (there 227 pixels padded; from pool1 on 55 -> 54 with torchvision's stem).
  const Network network = load_network("squeezenet1_0").network;
  EXPECT_EQ(shape_of(network, "conv1"), (TensorShape{96, 109, 109}));
  EXPECT_EQ(shape_of(network, "pool1"), (TensorShape{96, 54, 54}));
  EXPECT_EQ(shape_of(network, "pool8"), (TensorShape{512, 13, 13}));
}

TEST(PublishedShapes, ResNet18) {
  // He et al. 2016, table 1.
  const Network network = load_network("resnet18").network;
  EXPECT_EQ(shape_of(network, "conv1"), (TensorShape{64, 112, 112}));
  EXPECT_EQ(shape_of(network, "stage1_block2_add"), (TensorShape{64, 56, 56}));
  EXPECT_EQ(shape_of(network, "stage2_block2_add"), (TensorShape{128, 28, 28}));
  EXPECT_EQ(shape_of(network, "stage3_block2_add"), (TensorShape{256, 14, 14}));
  EXPECT_EQ(shape_of(network, "stage4_block2_add"), (TensorShape{512, 7, 7}));
}

TEST(PublishedShapes, ResNet50) {
  // He et al. 2016, table 1.
  const Network network = load_network("resnet50").network;
  EXPECT_EQ(shape_of(network, "stage1_block3_add"), (TensorShape{256, 56, 56}));
  EXPECT_EQ(shape_of(network, "stage4_block3_add"), (TensorShape{2048, 7, 7}));
}

TEST(PublishedShapes, MobileNetV3Small) {
  // Howard et al. 2019, table 2: input sizes of the rows.
  const Network network = load_network("mobilenet_v3_small").network;
  EXPECT_EQ(shape_of(network, "stem"), (TensorShape{16, 112, 112}));
  EXPECT_EQ(shape_of(network, "block1_project"), (TensorShape{16, 56, 56}));
  EXPECT_EQ(shape_of(network, "block3_add"), (TensorShape{24, 28, 28}));
  EXPECT_EQ(shape_of(network, "block6_add"), (TensorShape{40, 14, 14}));
  EXPECT_EQ(shape_of(network, "block8_add"), (TensorShape{48, 14, 14}));
  EXPECT_EQ(shape_of(network, "block11_add"), (TensorShape{96, 7, 7}));
  EXPECT_EQ(shape_of(network, "head"), (TensorShape{576, 7, 7}));
}

TEST(PublishedShapes, MobileNetV3Large) {
  // Howard et al. 2019, table 1.
  const Network network = load_network("mobilenet_v3_large").network;
  EXPECT_EQ(shape_of(network, "block3_add"), (TensorShape{24, 56, 56}));
  EXPECT_EQ(shape_of(network, "block10_add"), (TensorShape{80, 14, 14}));
  EXPECT_EQ(shape_of(network, "head"), (TensorShape{960, 7, 7}));
}

TEST(PublishedShapes, MobileNetV2) {
  // Sandler et al. 2018, table 2.
  const Network network = load_network("mobilenet_v2").network;
  EXPECT_EQ(shape_of(network, "block1_project"), (TensorShape{16, 112, 112}));
  EXPECT_EQ(shape_of(network, "block13_add"), (TensorShape{96, 14, 14}));
  EXPECT_EQ(shape_of(network, "head"), (TensorShape{1280, 7, 7}));
}

TEST(PublishedShapes, ShuffleNetV2) {
  // Ma et al. 2018, table 5, column 0.5x.
  const Network network = load_network("shufflenet_v2_x0_5").network;
  EXPECT_EQ(shape_of(network, "stem_pool"), (TensorShape{24, 56, 56}));
  EXPECT_EQ(shape_of(network, "stage2_unit4_shuffle"), (TensorShape{48, 28, 28}));
  EXPECT_EQ(shape_of(network, "stage3_unit8_shuffle"), (TensorShape{96, 14, 14}));
  EXPECT_EQ(shape_of(network, "stage4_unit4_shuffle"), (TensorShape{192, 7, 7}));
  EXPECT_EQ(shape_of(network, "head"), (TensorShape{1024, 7, 7}));
}

TEST(PublishedShapes, EfficientNetB0) {
  // Tan, Le 2019, table 1.
  const Network network = load_network("efficientnet_b0").network;
  EXPECT_EQ(shape_of(network, "block1_project"), (TensorShape{16, 112, 112}));
  EXPECT_EQ(shape_of(network, "block5_add"), (TensorShape{40, 28, 28}));
  EXPECT_EQ(shape_of(network, "block11_add"), (TensorShape{112, 14, 14}));
  EXPECT_EQ(shape_of(network, "block16_project"), (TensorShape{320, 7, 7}));
}

TEST(PublishedShapes, LeNet5) {
  // LeCun et al. 1998, figure 2.
  const Network network = load_network("lenet5").network;
  EXPECT_EQ(shape_of(network, "c1"), (TensorShape{6, 28, 28}));
  EXPECT_EQ(shape_of(network, "s2"), (TensorShape{6, 14, 14}));
  EXPECT_EQ(shape_of(network, "c3"), (TensorShape{16, 10, 10}));
  EXPECT_EQ(shape_of(network, "s4"), (TensorShape{16, 5, 5}));
}

TEST(PublishedShapes, AlexNetAndVggEndWhereTheirLinearLayersExpect) {
  EXPECT_EQ(shape_of(load_network("alexnet").network, "pool5"), (TensorShape{256, 6, 6}));
  EXPECT_EQ(shape_of(load_network("vgg16").network, "pool5"), (TensorShape{512, 7, 7}));
}

TEST(PublishedShapes, DsCnnHalvesFramesAndCoefficients) {
  // Banbury et al. 2021: 49x10 features, 25x5 after the first convolution.
  EXPECT_EQ(shape_of(load_network("ds_cnn_kws").network, "block4_pointwise"), (TensorShape{64, 25, 5}));
}

}  // namespace
}  // namespace crossloom
