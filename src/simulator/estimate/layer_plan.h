#pragma once

#include <cstdint>
#include <vector>

#include "simulator/estimate/flow_plan.h"
#include "simulator/hardware/chip_config.h"
#include "simulator/program/layer_work.h"

namespace crossloom {

/// Copies of every operation when those with blocks have `num_copies` (in their order): input and output one, vector and
/// pooling operations as many as the producer with most, but at most one a window.
[[nodiscard]] std::vector<std::int64_t> copies_of_operations(const std::vector<LayerWork>& works,
                                                             const std::vector<std::int64_t>& num_copies);

/// Flows of a network that is not placed yet, on a nominal placement: copies stand one behind the other, each over as much of
/// the budget of `num_crossbars` as its share of all weights, its blocks spread evenly over the tiles of that stretch. For
/// waits, blocks are dealt out to the crossbars of the budget in turn, each with the time of its layer's slowest one. Throws
/// InternalError unless the chip has these crossbars. O(operations + blocks of all copies).
[[nodiscard]] FlowPlan plan_flows(const std::vector<LayerWork>& works, const std::vector<std::int64_t>& num_copies,
                                  const ChipConfig& chip, std::int64_t num_crossbars);

}  // namespace crossloom
