#pragma once

#include <cstdint>

#include "simulator/engine/run_plan.h"
#include "simulator/engine/run_record.h"
#include "simulator/metrics/run_metrics.h"
#include "simulator/program/placed_program.h"

namespace crossloom {

/// Turns the integers of a run into the reported figures.
[[nodiscard]] RunMetrics collect_metrics(const PlacedProgram& program, const RunPlan& plan, const RunRecord& record,
                                         std::int64_t batch);

}  // namespace crossloom
