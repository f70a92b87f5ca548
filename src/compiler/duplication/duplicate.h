#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "compiler/packing/lower_bounds.h"
#include "simulator/program/layer_work.h"
#include "support/units.h"

namespace crossloom {

/// What duplication may spend and when it stops being useful.
struct DuplicationProblem {
  std::vector<LayerWork> layers;             ///< mapped layers
  std::int64_t crossbar_weights = 0;         ///< weights a crossbar holds
  std::int64_t num_crossbars = 0;            ///< budget
  std::int64_t max_blocks_per_crossbar = 0;  ///< as in PackingProblem; 0 = no cap
  std::int64_t conflict_distance = -1;       ///< as in PackingProblem; -1 = all blocks may share a crossbar
  std::vector<SizeMeasure> size_measures;    ///< of the layers' blocks; none: only their area counts
  /// Interval that other resources impose whatever the copies (the IO port): no layer is made faster than this.
  TimeFs floor_interval_fs = 0;
};

/// Copies of each layer after each step of the greedy: step k adds one copy to `steps[k]`. Any prefix is a plan, so that a
/// packing that fails can go back along the same path.
struct DuplicationPath {
  std::vector<std::int64_t> steps;  ///< layer that got the copy
  /// Lengths of the prefixes after which the longest interval is shorter than after any shorter prefix, in order: the only ones
  /// worth packing, as ceil(windows / copies) stays the same for many numbers of copies.
  std::vector<std::size_t> improvements;
  /// Of each improvement: no packing of it has fewer crossbars, by the limits below. Ascending.
  std::vector<std::int64_t> least_crossbars;
  std::int64_t start_crossbars = 0;  ///< the same of one copy of each layer
};

/// Time an image takes on a layer with `copies` copies: ceil(windows / copies) x window time.
[[nodiscard]] TimeFs layer_interval_fs(const LayerWork& work, std::int64_t copies);

/// Greedy on the bottleneck: the layer with the largest interval (the first of equals) gets a copy, while it is slower than the
/// floor, has more windows than copies, and the budget can hold one more: the area of all blocks, their sizes, their number
/// under the cap of blocks a crossbar, and blocks that must not share a crossbar each finding one. When the bottleneck layer
/// cannot get one, the path ends: no other copy would raise the throughput, so no choice of copies within these limits has a
/// shorter longest interval. O(steps (log layers + conflict distance)).
[[nodiscard]] DuplicationPath duplicate(const DuplicationProblem& problem);

/// Copies of each of `num_layers` layers after the first `num_steps` steps; 1 each at step 0.
[[nodiscard]] std::vector<std::int64_t> copies_after(const DuplicationPath& path, std::size_t num_steps,
                                                     std::size_t num_layers);

}  // namespace crossloom
