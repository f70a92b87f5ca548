#pragma once

#include <cstddef>
#include <cstdint>

#include "compiler/ir/network.h"
#include "simulator/program/placed_program.h"

namespace crossloom {

/// Every window needs all `height` x `width` pixels; `operation` is not set.
[[nodiscard]] OperationInput whole_image(std::int64_t height, std::int64_t width);

/// Which pixels of its operand's shape a window of `layer` needs; `operation` is not set. A sliding window for convolution and
/// pooling, the whole image for linear layers, global pooling, reorders and unknown operations that change height or width,
/// pixel 0 along an extent of 1, the window's own pixel for everything else.
[[nodiscard]] OperationInput operand_geometry(const Network& network, const Layer& layer, std::size_t operand);

}  // namespace crossloom
