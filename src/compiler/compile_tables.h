#pragma once

#include <string>
#include <vector>

#include "compiler/compile.h"
#include "simulator/program/tile_map.h"

/// Tables of a compiled network as CSV: a line of column names with units, then one line a row; fields quoted as RFC 4180 asks,
/// lines end in "\n".
namespace crossloom {

/// layers.csv: one line a mapped layer, in the network's order.
[[nodiscard]] std::string layers_csv(const std::vector<LayerSummary>& layers);

/// blocks.csv: one line a placed block, crossbar by crossbar. All coordinates count weights.
[[nodiscard]] std::string blocks_csv(const TileMap& tile_map);

}  // namespace crossloom
