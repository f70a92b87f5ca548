#pragma once

#include <cstdint>
#include <vector>

#include "simulator/program/placed_program.h"
#include "support/units.h"

namespace crossloom {

struct ReferenceRun {
  std::vector<TimeFs> image_end_fs;      ///< when every window of each image is done
  std::vector<TimeFs> crossbar_busy_fs;  ///< by number on the chip
  friend bool operator==(const ReferenceRun&, const ReferenceRun&) = default;
};

/// The rules of docs/model.md followed literally and slowly: every pixel of every image at every tile has a time of arrival in
/// one table, what is to happen stands in one list that is searched from end to end for the next step, and every duration is
/// worked out anew where it is used. Shares no code with the engine. For chips with one column a weight and offset polarity.
[[nodiscard]] ReferenceRun run_reference(const PlacedProgram& program, std::int64_t batch);

}  // namespace crossloom
