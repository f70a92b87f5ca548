#pragma once

#include <string>
#include <vector>

#include "simulator/metrics/run_metrics.h"
#include "simulator/program/placed_program.h"

namespace crossloom {

/// Independent check of a run's metrics against the program that was run: counts of crossbars, arrays, tiles, windows,
/// activations and multiply-accumulates recomputed, components add up to their totals, fractions within 0 to 1, latency,
/// interval and throughput consistent, no latency below its lower bounds. Figures computed in floating point agree within 1e-9
/// of their size. What is wrong, one message a finding with the name of the statistic; empty when all is well; at most 20.
/// The program passed verify_program.
[[nodiscard]] std::vector<std::string> verify_metrics(const RunMetrics& metrics, const PlacedProgram& program);

}  // namespace crossloom
