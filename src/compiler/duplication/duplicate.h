#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "compiler/duplication/head_starts.h"
#include "compiler/duplication/objective.h"
#include "compiler/packing/lower_bounds.h"
#include "simulator/program/layer_work.h"
#include "support/units.h"

namespace crossloom {

/// What duplication may spend, on what, and when it stops being useful.
struct DuplicationProblem {
  std::vector<LayerWork> layers;             ///< mapped layers
  std::int64_t crossbar_weights = 0;         ///< weights a crossbar holds
  std::int64_t num_crossbars = 0;            ///< budget
  std::int64_t max_blocks_per_crossbar = 0;  ///< as in PackingProblem; 0 = no cap
  std::int64_t conflict_distance = -1;       ///< as in PackingProblem; -1 = all blocks may share a crossbar
  std::vector<SizeMeasure> size_measures;    ///< of the layers' blocks; none: only their area counts
  /// Interval that other resources impose whatever the copies (the IO port): no layer is made faster than this.
  TimeFs floor_interval_fs = 0;
  std::vector<ObjectiveTerm> objective{{}};         ///< what is made small; throughput
  std::vector<std::vector<HeadStart>> head_starts;  ///< of the layers; only latency and energy ask for them
  double static_power_mw = 0.0;                     ///< of the chip; only energy asks for it
};

/// Copies of each layer after each step of a greedy: step k adds one copy to `steps[k]`. Any prefix is a plan, so that a
/// packing that fails can go back along the same path.
struct DuplicationPath {
  std::vector<std::int64_t> steps;  ///< layer that got the copy
  /// Lengths of the prefixes that cost less than any shorter prefix, in order: the only ones worth packing, as
  /// ceil(windows / copies) stays the same for many numbers of copies.
  std::vector<std::size_t> improvements;
  /// Of each improvement: no packing of it has fewer crossbars, by the limits below. Ascending.
  std::vector<std::int64_t> least_crossbars;
  std::int64_t start_crossbars = 0;  ///< the same of one copy of each layer
  /// Copies that cost less than every prefix, where the complete search of a small problem found some; else empty.
  std::vector<std::int64_t> best_copies;
  double bound = 0.0;  ///< no choice of copies within the limits costs less, as CopyCost counts
};

/// Copies of layers on a path of falling cost (copy_cost.h), as long as the budget can hold one more: the area of all blocks,
/// their sizes, their number under the cap of blocks a crossbar, and blocks that must not share a crossbar each finding one.
///
/// For throughput alone, a threshold search: the layer with the largest interval (the first of equals) gets a copy, while it is
/// slower than the floor and has more windows than copies. When it cannot get one the path ends: no other copy would raise the
/// throughput, so no choice of copies within these limits has a shorter longest interval, and `bound` is that of the last
/// prefix. O(steps (log layers + conflict distance)).
///
/// For other objectives, a marginal search: of the layers that the cost hangs on, the one that saves most for the area takes
/// the copies that shorten its interval. `bound` is that of copies_bound.h, or of the complete search when that comes to an
/// end. O(steps (layers + head starts)).
[[nodiscard]] DuplicationPath duplicate(const DuplicationProblem& problem);

/// Copies of each of `num_layers` layers after the first `num_steps` steps; 1 each at step 0.
[[nodiscard]] std::vector<std::int64_t> copies_after(const DuplicationPath& path, std::size_t num_steps,
                                                     std::size_t num_layers);

}  // namespace crossloom
