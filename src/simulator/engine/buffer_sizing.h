#pragma once

#include <string>

#include "simulator/engine/run_plan.h"
#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// Gives every inbox of a tile a capacity, so that the line buffers of a tile fit `tile.buffer.capacity_bytes` and the program
/// cannot deadlock. A buffer gets at least what the halo of one window spans; where branches that meet again would then wait
/// for each other, the cheapest buffer on the cycle grows until they do not (Parks, UC Berkeley 1995, section 4.2). What a tile
/// has left is dealt out in proportion. The IO port's side of the mesh has no bound.
///
/// Throws DoesNotFitError naming the tile, the smallest `capacity_bytes` that cures it and its largest line buffers. Cost grows
/// with windows of one image; several images need no more room than one, as the oldest never waits for a later one.
void bound_line_buffers(const ChipConfig& chip, RunPlan& plan);

/// The same with `num_chunks` in every inbox of a tile, whatever the chip says: for studies of buffer sizes. May deadlock.
void bound_line_buffers_uniformly(std::int64_t num_chunks, RunPlan& plan);

/// Who waits for whom when a plan with capacities stops, and the smallest buffer that cures it; empty when it does not stop.
[[nodiscard]] std::string explain_deadlock(const RunPlan& plan);

}  // namespace crossloom
