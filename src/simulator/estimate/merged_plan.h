#pragma once

#include <span>

#include "simulator/estimate/flow_plan.h"
#include "simulator/hardware/chip_config.h"
#include "simulator/metrics/count_run.h"

namespace crossloom {

/// The plan with one copy for each operation, which stands for all m: it runs the windows in rounds of m, as far apart as those
/// of the slowest copy, each as late as the slowest. A round asks a resource for its share of what all windows together ask;
/// messages are demands for links, and their time without contention is part of the round. Resources that are taken for less
/// than 2 % of the time of the busiest one are left out. `messages` has those of each operation. Cost grows with copies, blocks
/// and links, not with windows.
[[nodiscard]] FlowPlan merge_copies(const ChipConfig& chip, const FlowPlan& plan, std::span<const OperationMessages> messages);

}  // namespace crossloom
