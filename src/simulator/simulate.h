#pragma once

#include <cstdint>

#include "simulator/engine/engine.h"
#include "simulator/metrics/run_metrics.h"
#include "simulator/program/placed_program.h"

namespace crossloom {

struct SimulationOptions {
  std::int64_t batch = 1;     ///< images, 1 to 2^20
  ProgressCallback progress;  ///< may be empty
};

/// Checks the program (UserError with the findings of verify_program), runs it on its chip and reports. Deterministic.
[[nodiscard]] RunMetrics simulate(const PlacedProgram& program, const SimulationOptions& options = {});

}  // namespace crossloom
