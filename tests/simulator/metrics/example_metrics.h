#pragma once

#include "simulator/metrics/run_metrics.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {

/// A program of a 16 x 8 layer in two copies over 4 pixels, each copy in a crossbar of tile 0, and figures that fit a batch
/// of 3.
[[nodiscard]] PlacedProgram example_program();
[[nodiscard]] RunMetrics example_metrics();

}  // namespace crossloom
