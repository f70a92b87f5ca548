#pragma once

#include <cstdint>

#include "compiler/packing/packing.h"

namespace crossloom {

/// The fewest crossbars that hold the blocks, by trying every way; the budget is not looked at. For crossbars of at most 64
/// weights and at most 10 blocks; exponential in both.
[[nodiscard]] std::int64_t fewest_crossbars(const PackingProblem& problem);

}  // namespace crossloom
