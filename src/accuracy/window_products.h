#pragma once

#include <vector>

#include "accuracy/layer_windows.h"

namespace crossloom {

/// Products of a layer's windows with its weights, by one matrix product a group (im2col: Chellapilla, Puri, Simard, IWFHR
/// 2006). `values`: the input in CHW order; `weights`: output channels x rows; result: output channels x windows, which is CHW.
/// In binary64; exact for whole numbers while no sum exceeds 2^53, in whatever order it is added up.
[[nodiscard]] std::vector<double> window_products(const LayerWindows& windows, const std::vector<double>& values,
                                                  const std::vector<double>& weights);

}  // namespace crossloom
