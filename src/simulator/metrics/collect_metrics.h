#pragma once

#include <cstdint>

#include "simulator/engine/run_plan.h"
#include "simulator/engine/run_record.h"
#include "simulator/metrics/activity_statistics.h"
#include "simulator/metrics/run_metrics.h"
#include "simulator/program/placed_program.h"

namespace crossloom {

/// Turns the integers of a run into the reported figures.
[[nodiscard]] RunMetrics collect_metrics(const PlacedProgram& program, const RunPlan& plan, const RunRecord& record,
                                         std::int64_t batch);

/// Replaces the energy of cells and DACs by one that depends on values, and all that follows from it.
void set_energy(RunMetrics& metrics, const ChipConfig& chip, const ActivityEnergy& activity);

}  // namespace crossloom
