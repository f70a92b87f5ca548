#pragma once

#include <string>

#include "simulator/metrics/run_metrics.h"
#include "simulator/program/placed_program.h"
#include "simulator/simulate.h"

namespace CLI {
class App;
}

namespace crossloom {

class Console;

/// Adds `--batch` to a command that simulates.
void add_batch_option(CLI::App& app, std::string& batch);

/// Checks the batch before the work that leads to a simulation. Throws UserError.
[[nodiscard]] std::int64_t batch_option(const std::string& batch);

/// Adds `--tile-buffers` to a command that simulates.
void add_tile_buffers_option(CLI::App& app, std::string& tile_buffers);

/// Its value, checked likewise before the work. Throws UserError.
[[nodiscard]] TileBuffers tile_buffers_option(const std::string& tile_buffers);

/// Adds `--estimate` to a command that simulates.
void add_estimate_option(CLI::App& app, bool& wants_estimate);

/// Prints the analytical estimate of a program beside its simulation.
void print_estimate(const PlacedProgram& program, const RunMetrics& metrics, Console& console);

/// Simulates with a progress line; the options' own progress is not used. Throws DoesNotFitError when tile buffers are too
/// small.
[[nodiscard]] RunMetrics simulate_with_progress(const PlacedProgram& program, const SimulationOptions& options,
                                                Console& console);

}  // namespace crossloom
