#pragma once

#include "simulator/metrics/run_metrics.h"
#include "simulator/program/placed_program.h"

namespace crossloom {

/// What writing the weights of a program takes before it runs (docs/model.md, "Programming the weights"). A physical array
/// writes one row at a time, all cells of the row that hold weights at once; arrays write side by side. A row takes
///
///     write_pulses x (write_pulse_ns + V)
///
/// where V, with more than one pulse, is the read that verifies each: row select, DAC settling and read, column select and the
/// conversions of the busiest ADC. O(blocks + used rows).
[[nodiscard]] ProgrammingMetrics programming_cost(const PlacedProgram& program);

}  // namespace crossloom
