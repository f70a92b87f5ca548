#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sweep/sweep.h"
#include "sweep/sweep_folder.h"
#include "sweep/sweep_inputs.h"
#include "sweep/sweep_points.h"
#include "sweep/work_sharing.h"

namespace crossloom {

/// Header line of results.csv: `point`, `hash`, the keys of the axes, then result_columns.
[[nodiscard]] std::string results_header(const Sweep& sweep);

/// The row of a point (results_header), or an empty text when a filter drops it.
[[nodiscard]] std::string results_row(const Sweep& sweep, const SweepPoints& points, const SweepInputs& inputs,
                                      std::int64_t point);

struct SweepRun {
  std::string folder;
  Shard part;
  bool starts_anew = false;
  std::function<void(std::int64_t num_done, std::int64_t num_points)> progress;  ///< may be empty
};

/// What a run of a sweep did.
struct SweepSummary {
  std::int64_t num_points = 0;  ///< of the part, before filters
  std::int64_t num_rows_found = 0;
  std::int64_t num_rows_added = 0;
};

/// Does the points of the part that its folder does not have yet. results.csv depends on the sweep, its networks and chips
/// alone: not on workers, order, or how often the run was interrupted. Throws UserError as SweepFolder.
[[nodiscard]] SweepSummary run_sweep(const Sweep& sweep, const std::string& name, const SweepRun& run, WorkSharing& sharing);

/// The part of a process that is not the leader: makes the rows it is told to, as long as there are any.
void work_on_sweep(const Sweep& sweep, WorkSharing& sharing);

}  // namespace crossloom
