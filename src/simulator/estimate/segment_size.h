#pragma once

#include <cstdint>

#include "simulator/estimate/flow_plan.h"

namespace crossloom {

/// Most windows of a copy in a segment: a share (0 to 1) of those it has in an image, but at least one, and no more than it has
/// in a row, as the next layer waits for rows. Rounds may be of several rows.
[[nodiscard]] std::int64_t most_windows(const Flow& flow, double share);

/// The share, the same for all flows, with which full segments are about `num_segments` of all groups together an image. More
/// where rows ask for more.
[[nodiscard]] double segment_share(const FlowPlan& plan, std::int64_t num_segments);

/// Segments of all groups together, an image, when each is a single window.
[[nodiscard]] std::int64_t num_single_windows(const FlowPlan& plan);

}  // namespace crossloom
