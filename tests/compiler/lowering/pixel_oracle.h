#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/ir/network.h"

namespace crossloom {

/// A pixel of the output of a layer that does work: layer index, row, column.
using PixelLabel = std::tuple<std::string, std::int64_t, std::int64_t>;
using PixelLabels = std::set<PixelLabel>;

/// By layer name, for each output pixel row by row: the pixels its values are computed from, by running the layers on tensors
/// of labels with the definition of each layer and nothing else. Convolutions, pooling, linear and element-wise layers do work
/// and make new labels; concat, flatten, slice and pad pass labels on, zeros have none. Activation layers are not supported.
[[nodiscard]] std::map<std::string, std::vector<PixelLabels>> pixels_needed(const Network& network);

/// Labels of the network's output, pixel by pixel.
[[nodiscard]] std::vector<PixelLabels> pixels_of_output(const Network& network);

}  // namespace crossloom
