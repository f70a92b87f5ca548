#pragma once

#include "compiler/import/onnx/graph_values.h"
#include "compiler/ir/network.h"

namespace crossloom {

/// Attributes of a sliding window (kernel_shape, strides, dilations, pads, auto_pad, ceil_mode) over an input of `num_spatial`
/// dimensions, 1 or 2; in one, the window lies along the width. `kernel` stands in for an absent kernel_shape. Throws
/// UserError.
[[nodiscard]] WindowAttributes window_attributes(const NodeTranslation& node, std::size_t num_spatial, const TensorShape& input,
                                                 const std::vector<std::int64_t>& kernel);

}  // namespace crossloom
