#pragma once

#include <string>

#include "simulator/hardware/chip_config.h"
#include "support/json.h"

/// What `crossloom chips NAME` shows: every value of the resolved chip, what follows from them, and where its area and power
/// go.
namespace crossloom {

[[nodiscard]] std::string chip_text(const ChipConfig& chip);
/// `{"chip": {...}, "derived": {...}, "tile_budget": [...], "chip_budget": [...]}`.
[[nodiscard]] Json chip_json(const ChipConfig& chip);

/// Duration of one activation of a whole crossbar with unsigned inputs, in nanoseconds: until the result is stored.
[[nodiscard]] double full_activation_ns(const ChipConfig& chip);

}  // namespace crossloom
