#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "simulator/engine/engine.h"
#include "simulator/metrics/activity_statistics.h"
#include "simulator/metrics/resource_times.h"
#include "simulator/metrics/run_metrics.h"
#include "simulator/program/placed_program.h"

namespace crossloom {

/// What holds the pixels that wait at a tile.
enum class TileBuffers {
  kUnbounded,  ///< as much as they take
  kBounded,    ///< line buffers within tile.buffer.capacity_bytes; full ones hold up their producer
};
[[nodiscard]] std::span<const std::string_view> enum_names(TileBuffers);

struct SimulationOptions {
  std::int64_t batch = 1;                           ///< images, 1 to 2^20
  ProgressCallback progress = {};                   ///< may be empty
  std::optional<ActivityStatistics> activity = {};  ///< for energy that depends on values; without: the averages of the chip
  TileBuffers tile_buffers = TileBuffers::kUnbounded;
  RunObserver* observer = nullptr;  ///< told what happens, such as a TraceRecorder; not owned, may be null
  /// Told at the end what became of the time of every instance of every resource; may be empty.
  std::function<void(const std::vector<ResourceClass>&)> resources = {};
};

/// Checks program and activity (UserError with the findings of verify_program), runs it on its chip and reports. Deterministic.
/// With bounded buffers throws DoesNotFitError when a tile is too small for the program not to deadlock (bound_line_buffers).
[[nodiscard]] RunMetrics simulate(const PlacedProgram& program, const SimulationOptions& options = {});

}  // namespace crossloom
