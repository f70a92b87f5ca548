#pragma once

#include "simulator/engine/run_plan.h"
#include "simulator/hardware/chip_config.h"
#include "support/units.h"

namespace crossloom {

/// A lower bound of one image's latency: every window waits for its pixels, each copy runs its windows in order on its own
/// crossbars and digital unit, the image comes in at the IO rate, and nothing else is shared. Every duration is the one without
/// contention, so no schedule of this program can be faster. O(windows x kernel area).
[[nodiscard]] TimeFs critical_path_fs(const ChipConfig& chip, const RunPlan& plan);

}  // namespace crossloom
