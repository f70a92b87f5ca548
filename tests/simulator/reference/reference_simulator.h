#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "simulator/program/placed_program.h"
#include "support/units.h"

namespace crossloom {

/// Chunks (pixels; of the input: rows) that a tile's line buffer for a producer holds, by (operation, tile); those that are not
/// named have no bound.
using LineCapacities = std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t>;

struct ReferenceRun {
  std::vector<TimeFs> image_end_fs;      ///< when every window of each image is done
  std::vector<TimeFs> crossbar_busy_fs;  ///< by number on the chip
  /// Of each link that was taken, by the names of its ends ("router (0, 1)", "tile 3", "IO port"): how long, for how many
  /// messages.
  std::map<std::pair<std::string, std::string>, std::pair<TimeFs, std::int64_t>> links;
  bool is_stuck = false;  ///< windows are left and nothing can happen
  friend bool operator==(const ReferenceRun&, const ReferenceRun&) = default;
};

/// The rules of docs/model.md followed literally and slowly: every pixel of every image at every tile has a time of arrival in
/// one table, what is to happen stands in one list that is searched from end to end for the next step, and every duration is
/// worked out anew where it is used. Shares no code with the engine. For chips with one column a weight and offset polarity.
[[nodiscard]] ReferenceRun run_reference(const PlacedProgram& program, std::int64_t batch,
                                         const LineCapacities& capacities = {});

}  // namespace crossloom
