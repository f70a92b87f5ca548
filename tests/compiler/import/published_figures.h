#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace crossloom {

/// What others say of a network: exact learned parameters, and multiply-accumulates rounded to a unit of `macs_digit`.
struct PublishedFigures {
  std::int64_t num_parameters = 0;
  double num_macs = 0;
  double macs_digit = 0;
};

/// Built-in networks by name. Parameters and MACs of the ImageNet networks are `num_params` and `_ops` of torchvision 0.15's
/// weight tables, but for mobilenet_v1: trainable parameters of keras.applications.MobileNet, and 569M multiply-adds by the
/// paper (Howard et al., arXiv:1704.04861, table 8). The MLPerf Tiny reference models state total parameters, which Keras
/// counts with the means and variances of batch normalization, two a channel: they are subtracted here. Their MACs, and those
/// of LeNet-5, are sums of the layers by hand.
[[nodiscard]] inline const std::map<std::string, PublishedFigures>& published_figures() {
  constexpr double kGiga = 1e9;
  constexpr double kMillion = 1e6;
  // Output pixels x weights, layer by layer.
  constexpr double kLenet = 784 * 6 * 25 + 100 * 16 * 150 + 400 * 120 + 120 * 84 + 84 * 10;
  constexpr double kDsCnn = 125 * 64 * 40 + 4 * (125 * 64 * 9 + 125 * 64 * 64) + 64 * 12;
  constexpr double kResnet8 = 1024 * 16 * 27 + 1024 * 2 * 16 * 144 + 256 * (32 * 144 + 32 * 288 + 32 * 16) +
                              64 * (64 * 288 + 64 * 576 + 64 * 32) + 64 * 10;
  constexpr double kAutoencoder = 640 * 128 + 3 * 128 * 128 + 128 * 8 + 8 * 128 + 3 * 128 * 128 + 128 * 640;
  constexpr double kVisualWakeWords = 2304 * (8 * 27) + 2304 * (8 * 9 + 8 * 16) + 576 * (16 * 9 + 16 * 32) +
                                      576 * (32 * 9 + 32 * 32) + 144 * (32 * 9 + 32 * 64) + 144 * (64 * 9 + 64 * 64) +
                                      36 * (64 * 9 + 64 * 128) + 5 * 36 * (128 * 9 + 128 * 128) + 9 * (128 * 9 + 128 * 256) +
                                      9 * (256 * 9 + 256 * 256) + 256 * 2;
  // Blocks: expansion, depthwise, squeeze-excite, projection.
  constexpr double kNarrowMobileNet =
      1024 * 8 * 27 + (256 * 8 * 9 + 2 * 8 * 8 + 256 * 8 * 8) + (256 * 8 * 40 + 64 * 40 * 9 + 64 * 40 * 16) +
      64 * 48 * (16 + 9 + 16) + (64 * 16 * 48 + 16 * 48 * 25 + 2 * 48 * 16 + 16 * 48 * 24) +
      2 * (16 * 120 * (24 + 25 + 24) + 2 * 120 * 32) + (16 * 64 * (24 + 25 + 24) + 2 * 64 * 16) +
      (16 * 72 * (24 + 25 + 24) + 2 * 72 * 24) + (16 * 24 * 144 + 4 * 144 * 25 + 2 * 144 * 40 + 4 * 144 * 48) +
      2 * (4 * 288 * (48 + 25 + 48) + 2 * 288 * 72) + 4 * 48 * 288 + 288 * 512 + 512 * 10;
  constexpr double kWideMobileNet =
      1024 * 16 * 27 + (256 * 16 * 9 + 2 * 16 * 8 + 256 * 16 * 16) + (256 * 16 * 72 + 64 * 72 * 9 + 64 * 72 * 24) +
      64 * 88 * (24 + 9 + 24) + (64 * 24 * 96 + 16 * 96 * 25 + 2 * 96 * 24 + 16 * 96 * 40) +
      2 * (16 * 240 * (40 + 25 + 40) + 2 * 240 * 64) + (16 * 120 * (40 + 25 + 48) + 2 * 120 * 32) +
      (16 * 144 * (48 + 25 + 48) + 2 * 144 * 40) + (16 * 48 * 288 + 4 * 288 * 25 + 2 * 288 * 72 + 4 * 288 * 96) +
      2 * (4 * 576 * (96 + 25 + 96) + 2 * 576 * 144) + 4 * 96 * 576 + 576 * 1024 + 1024 * 10;
  static const std::map<std::string, PublishedFigures> figures = {
      {"alexnet", {61'100'840, 0.714 * kGiga, kMillion}},
      {"autoencoder_toyadmos", {269'992 - 2 * (8 * 128 + 8), kAutoencoder, 0}},
      {"ds_cnn_kws", {24'908 - 2 * (9 * 64), kDsCnn, 0}},
      {"efficientnet_b0", {5'288'548, 0.386 * kGiga, kMillion}},
      {"lenet5", {156 + 2'416 + 48'120 + 10'164 + 850, kLenet, 0}},
      {"mobilenet_v1", {4'231'976, 569 * kMillion, kMillion}},
      {"mobilenet_v1_vww", {221'794 - 2 * (10'944 / 4), kVisualWakeWords, 0}},
      {"mobilenet_v2", {3'504'872, 0.301 * kGiga, kMillion}},
      {"mobilenet_v3_large", {5'483'032, 0.217 * kGiga, kMillion}},
      {"mobilenet_v3_small", {2'542'856, 0.057 * kGiga, kMillion}},
      {"mobilenet_v3_small_cifar10", {2'542'856 - 990 * 1'025, kWideMobileNet, 0}},
      {"mobilenet_v3_small_w0_5_cifar10", {409'394, kNarrowMobileNet, 0}},
      {"resnet18", {11'689'512, 1.814 * kGiga, kMillion}},
      {"resnet34", {21'797'672, 3.664 * kGiga, kMillion}},
      {"resnet50", {25'557'032, 4.089 * kGiga, kMillion}},
      {"resnet8_cifar10", {78'666 - 2 * (3 * 16 + 2 * 32 + 2 * 64), kResnet8, 0}},
      {"shufflenet_v2_x0_5", {1'366'792, 0.040 * kGiga, kMillion}},
      {"squeezenet1_0", {1'248'424, 0.819 * kGiga, kMillion}},
      {"squeezenet1_1", {1'235'496, 0.349 * kGiga, kMillion}},
      {"vgg16", {138'357'544, 15.47 * kGiga, kMillion}},
  };
  return figures;
}

}  // namespace crossloom
