#pragma once

#include <cstdint>
#include <vector>

#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// What the cell of a slice and polarity holds of a weight code: its digit, 0 to 2^bits_per_cell - 1. Differential cells hold
/// digits of the magnitude on the side of the sign, offset cells those of code + 2^(weight_bits - 1).
[[nodiscard]] std::int64_t cell_level(std::int64_t code, std::int64_t slice, bool is_negative, const ChipConfig& chip);

/// Highest level, 2^bits_per_cell - 1.
[[nodiscard]] std::int64_t highest_level(const ChipConfig& chip);
/// Distance of two levels in units of g_max.
[[nodiscard]] double level_step(const ChipConfig& chip);

/// Mean level of all cells of these weights, the highest level being 1.
[[nodiscard]] double mean_cell_level(const std::vector<std::int32_t>& codes, const ChipConfig& chip);

}  // namespace crossloom
