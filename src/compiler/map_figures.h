#pragma once

#include <cstdint>

#include "simulator/program/tile_map.h"

namespace crossloom {

/// What a tile map amounts to.
struct MapFigures {
  std::int64_t num_crossbars_used = 0;
  std::int64_t num_tiles_used = 0;
  std::int64_t num_blocks = 0;             ///< of all copies
  std::int64_t num_copies = 0;             ///< of all layers
  double cell_utilization_fraction = 0.0;  ///< weights placed / weights the used crossbars could hold
};

[[nodiscard]] MapFigures figures_of(const TileMap& map);

}  // namespace crossloom
