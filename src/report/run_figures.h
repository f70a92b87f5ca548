#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulator/metrics/run_metrics.h"
#include "simulator/program/tile_map.h"

namespace crossloom {

/// What an output folder holds: the map, and the metrics once it was simulated.
struct RunResults {
  TileMap tile_map;
  std::optional<RunMetrics> metrics;
};

/// A figure under the name by which `crossloom report --svg` knows it.
struct NamedFigure {
  std::string name;
  std::string caption;
  std::string svg;
};

/// Figures of a run: `crossbars` (every block at its place), `mesh` (weights by router), and with metrics `pipeline`,
/// `layer_time`, `utilization`, `energy`, `area`, `stalls`, `resources`, `resource_time` and `bounds`.
[[nodiscard]] std::vector<NamedFigure> run_figures(const RunResults& results);

}  // namespace crossloom
