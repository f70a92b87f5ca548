#pragma once

#include <string>

#include "simulator/metrics/run_metrics.h"
#include "simulator/program/tile_map.h"

/// Figures of the mesh: a cell for each router, a bar for each link.
namespace crossloom {

/// Share of the weight cells in use at each router.
[[nodiscard]] std::string mesh_weights_svg(const TileMap& map);

/// Shares of the makespan: of the crossbars at each router in work, each block with the mean time of its layer's blocks; of
/// each link taken. Throws UserError for a link of `metrics` that the chip does not have.
[[nodiscard]] std::string mesh_utilization_svg(const TileMap& map, const RunMetrics& metrics);

/// Megabytes that the tiles and the IO port at each router sent and received, and that passed each link. Throws like
/// mesh_utilization_svg.
[[nodiscard]] std::string mesh_traffic_svg(const TileMap& map, const RunMetrics& metrics);

}  // namespace crossloom
