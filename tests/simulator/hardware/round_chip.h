#pragma once

#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// A valid chip of round numbers: 16x24 arrays, 4-bit weights in two 2-bit cells across columns (12 weights a row), 8 input
/// bits one a phase, an ADC of 1 GS/s for every 6 columns, 2x3 routers of 2 tiles of 4 crossbars. In femtoseconds a phase lasts
/// D = 2 clocks + 1 + 2 + 7 ns = 12e6, A = 1 clock = 1e6, C = 0.5 ns + conversions; L = 3 clocks, S = 4 clocks of 1 GHz.
[[nodiscard]] ChipConfig round_chip();

}  // namespace crossloom
