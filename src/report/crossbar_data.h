#pragma once

#include <string>

#include "simulator/program/tile_map.h"

namespace crossloom {

/// What the script of report.html needs for hover texts, as JSON without the characters that XML reserves:
///
///     {"rows": rows a crossbar, "columns": weights a row, "layers": [names], "tiles": {"5": [panel, ..], ..}}
///
/// where a panel is a flat array: the crossbar's number, then of each block matrix, copy, matrix_row0, matrix_col0, rows, cols,
/// row0, col0 as in TileMap. Panels of a tile are in the order of the tile map.
[[nodiscard]] std::string crossbar_data(const TileMap& map);

}  // namespace crossloom
