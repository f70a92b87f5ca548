#pragma once

#include "nas/space/search_space_yaml.h"

namespace crossloom {

/// Networks of a few thousand weights for 32x32 images, with an elastic kernel, ratio and depth.
inline constexpr const char* kTinySpace = R"(
name: tiny
source: test
input: {shape: [3, 32, 32], signed: true}
channel_divisor: 8
batch_norm: true
stem:
  - {name: stem, type: convolution, channels: 16, kernel: 5, stride: 4, padding: 2, batch_norm: true, activation: relu}
stages:
  - {block: inverted_residual, channels: 16, stride: 1, depth: [1, 2], kernel: [3, 5], ratio: [1, 2], activation: relu, squeeze_excite: true}
  - {block: fire, channels: 32, stride: 2, width: [0.5, 1], depth: [1], kernel: [1, 3], ratio: [0.25, 0.5], activation: relu}
head:
  - {name: global_pool, type: global_average_pool}
  - {name: classifier, type: linear, channels: 10, bias: true}
)";

inline SearchSpace tiny_space() { return parse_search_space_yaml(kTinySpace, "tiny.yaml"); }

}  // namespace crossloom
