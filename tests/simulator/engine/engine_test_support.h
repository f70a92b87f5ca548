#pragma once

#include <cstdint>

#include "simulator/engine/engine.h"
#include "simulator/engine/run_plan.h"
#include "simulator/program/placed_program.h"
#include "support/units.h"

namespace crossloom {

/// Runs `program` for `batch` images and returns the raw record.
[[nodiscard]] inline RunRecord run_program(const PlacedProgram& program, std::int64_t batch = 1) {
  const RunPlan plan = plan_run(program);
  return run_engine(program.chip, plan, batch);
}

/// ceil(a / b) written out, so that expected values share nothing with the code under test.
[[nodiscard]] inline std::int64_t up(std::int64_t a, std::int64_t b) { return a / b + (a % b != 0 ? 1 : 0); }

inline constexpr TimeFs kNs = 1'000'000;

}  // namespace crossloom
