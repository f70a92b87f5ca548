#pragma once

#include <vector>

#include "simulator/engine/mesh.h"
#include "simulator/estimate/flow_plan.h"
#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// When a flow works on the first image, in femtoseconds.
struct FlowTimes {
  double start_fs = -1.0;  ///< first window begins
  double end_fs = 0.0;     ///< last window stored
};

struct SegmentTimes {
  std::vector<FlowTimes> flows;
  std::vector<double> image_end_fs;  ///< last window of each image stored
  LinkUse busiest_link;              ///< over all images
};

/// Runs flows in segments: neighbouring windows of a row, as many as take all flows together about 4096 rounds of their copies
/// (so the cost does not grow with the windows), but at least one segment a row.
///
/// In a segment of windows a..b of a flow with m copies and interval I, window k begins when its pixels are there and its copy
/// is free, which is a (max, +) recursion (Baccelli, Cohen, Olsder, Quadrat, Synchronization and Linearity, 1992, chapter 1):
///   begin(k) = max(pixels(k), begin(k - m) + I),
/// solved for a and b, as begin(a) = max(pixels(a), t + floor((a - s) / m) I) with s, t the window and time since which the
/// copies have not waited for pixels. Pixels are there when the producer's segment has them, so halos, strides and the delay
/// until the first window come from the program's window-to-input ranges.
/// A shared resource serves in the order of requests: segments that ask at time t for work w, spread over their windows, get
/// it from max(t, end of the work asked for before) on (fluid queue with virtual waiting time; Kleinrock, Queueing Systems II,
/// 1976, chapter 2). A segment passes its stages (fetch and crossbars, results, digital unit, write-back, mesh) as events in
/// the order of time.
[[nodiscard]] SegmentTimes run_segments(const ChipConfig& chip, const FlowPlan& plan, std::int64_t num_images);

}  // namespace crossloom
