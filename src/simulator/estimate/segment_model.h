#pragma once

#include <cstdint>
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
  double mean_link_wait_fs = 0.0;    ///< of a message, for links on its way
};

/// Runs the flows in segments. A segment is some windows of a copy that follow each other, the next ones whose pixels are
/// known: at most the share of a copy's windows with which all groups together have about `num_segments` (segment_size.h), so
/// the cost hardly grows with the windows.
///
/// Every group works through the segments of its copy on its own. Its window k begins when its pixels are at its tile and it is
/// through with the window before, which is a (max, +) recursion (Baccelli, Cohen, Olsder, Quadrat, Synchronization and
/// Linearity, 1992, chapter 1) with the interval I of the group:
///   begin(k) = max(pixels(k), begin(k - 1) + I).
/// It is followed for the first and the last window of a segment; those between are evenly spaced. The pixels of a window come
/// from the program's window-to-input ranges, of each copy of a producer the last one, so halos, strides and the delay until
/// the first window need no terms of their own.
/// A shared resource serves in the order of requests: segments that ask at time t for work w, spread over their windows, get
/// it from max(t, end of the work asked for before) on (fluid queue with virtual waiting time; Kleinrock, Queueing Systems II,
/// 1976, chapter 2). A segment passes its stages (fetch and crossbars, results, sums, digital unit, write-back, mesh) as events
/// in the order of time.
[[nodiscard]] SegmentTimes run_segments(const ChipConfig& chip, const FlowPlan& plan, std::int64_t num_images,
                                        std::int64_t num_segments);

/// The same window by window for a program of up to 8192 windows of all groups together. A larger one is cut into 2048
/// segments, and, where a message waits for links for 0.5 % of the latency or more on average, once more into 16384: there the
/// order of single messages decides.
[[nodiscard]] SegmentTimes run_segments(const ChipConfig& chip, const FlowPlan& plan, std::int64_t num_images);

}  // namespace crossloom
