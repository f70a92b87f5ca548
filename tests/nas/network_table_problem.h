#pragma once

#include "nas/problem.h"

namespace crossloom {

/// 16,380 made-up networks of 1 to 3 layers (kernel 3/5/7, expansion 3/4/6), a crossbar side of 64 to 512 and an ADC of 4 to 8
/// bits: error and latency, both within 0 to 1, under a budget of crossbars. Layers beyond the depth are inactive.
[[nodiscard]] Problem network_table_problem();

}  // namespace crossloom
