#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "simulator/program/placed_program.h"
#include "support/units.h"
#include "tests/simulator/reference/event_log.h"

namespace crossloom {

/// Chunks (pixels; of the input: rows) that a tile's line buffer for a producer holds, by (operation, tile); those that are not
/// named have no bound.
using LineCapacities = std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t>;

enum class UseLog { kNone, kWritten };

struct ReferenceRun {
  std::vector<TimeFs> image_end_fs;      ///< when every window of each image is done
  std::vector<TimeFs> crossbar_busy_fs;  ///< by number on the chip
  EventLog log;                          ///< every use of a resource, sorted; with UseLog::kWritten
  bool is_stuck = false;                 ///< windows are left and nothing can happen
  friend bool operator==(const ReferenceRun&, const ReferenceRun&) = default;
};

/// The rules of docs/model.md followed literally and slowly: every pixel of every image at every tile has a time of arrival in
/// one table, what is to happen stands in one list that is searched from end to end for the next step, and every duration is
/// worked out anew where it is used. Shares no code with the engine. For chips with one column a weight and offset polarity.
[[nodiscard]] ReferenceRun run_reference(const PlacedProgram& program, std::int64_t batch,
                                         const LineCapacities& capacities = {}, UseLog use_log = UseLog::kNone);

}  // namespace crossloom
