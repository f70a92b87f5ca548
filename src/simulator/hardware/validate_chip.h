#pragma once

#include <string>

#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// The first rule between sections that a chip breaks, as `key.path: value, allowed range (hint)`; empty when it breaks none.
/// Expects every value to lie within its own bounds (chip_fields.h).
[[nodiscard]] std::string chip_problem(const ChipConfig& chip);

}  // namespace crossloom
