#pragma once

#include "compiler/ir/network.h"

namespace crossloom {

/// `window` with the padding TensorFlow calls SAME and ONNX SAME_UPPER: output = ceil(input / stride) in each direction, the
/// odd pixel below and to the right. Needs extents and strides of at least 1. Example: input 96x96, kernel 3, stride 2: one row
/// below, one column to the right.
[[nodiscard]] WindowAttributes with_same_padding(WindowAttributes window, const TensorShape& input);

}  // namespace crossloom
