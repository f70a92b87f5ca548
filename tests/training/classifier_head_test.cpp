#include "training/classifier_head.h"

#include <gtest/gtest.h>

#include "compiler/import/load_network.h"
#include "support/error.h"

namespace crossloom {
namespace {

TEST(ClassifierHead, GetsAsManyOutputsAsThereAreClasses) {
  const Network network = with_num_classes(load_network("mobilenet_v3_small").network, 10);
  EXPECT_EQ(network.layers.back().output_shape, (TensorShape{10, 1, 1}));
  EXPECT_EQ(num_parameters(network), 2'542'856 - 990 * 1025);
}

TEST(ClassifierHead, IsTheLastConvolutionWhereNoLinearLayerIs) {
  EXPECT_EQ(with_num_classes(load_network("squeezenet1_1").network, 10).layers.back().output_shape.num_values(), 10);
}

TEST(ClassifierHead, OfTheRightSizeIsLeft) {
  const Network network = load_network("resnet8_cifar10").network;
  EXPECT_EQ(with_num_classes(network, 10), network);
}

TEST(ClassifierHeadErrors, OutputsThatDoNotFollowFromOneLayerAreRefused) {
  Network network{.name = "n", .source = "test", .input_shape = {3, 2, 2}};
  network.layers = {Layer{.name = "image", .kind = LayerKind::kInput},
                    Layer{.name = "pool", .kind = LayerKind::kMaxPool, .inputs = {0}}};
  EXPECT_THROW(static_cast<void>(with_num_classes(infer_shapes(network), 5)), UserError);
}

}  // namespace
}  // namespace crossloom
