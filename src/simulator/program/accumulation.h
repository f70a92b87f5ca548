#pragma once

#include <cstdint>

#include "simulator/program/placed_program.h"

namespace crossloom {

/// Pixels that the pooling unit adds one after another, as they arrive, to the accumulators of the one window of a global
/// pooling: no copy of the feature map is kept. 1 for every operation that takes in a window at once: one of another kind, with
/// several windows, whose inputs have windows of different sizes, or whose values or operations are not the same for each
/// pixel.
[[nodiscard]] std::int64_t num_accumulated_pixels(const Operation& operation);

/// The same read for one of these pixels: number y * num_cols + x is at row y, column x of the window.
[[nodiscard]] OperationInput pixel_of_window(const OperationInput& input);

}  // namespace crossloom
