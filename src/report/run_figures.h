#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
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

/// Names of the figures of a run in their order; those after the first two need metrics.
inline constexpr std::array<std::string_view, 13> kRunFigureNames = {
    "crossbars", "mesh", "mesh_utilization", "mesh_traffic", "pipeline",      "layer_time", "utilization",
    "energy",    "area", "stalls",           "resources",    "resource_time", "bounds"};

/// The figures that the results allow.
[[nodiscard]] std::vector<NamedFigure> run_figures(const RunResults& results);

}  // namespace crossloom
