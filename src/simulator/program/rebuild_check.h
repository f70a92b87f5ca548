#pragma once

#include <string>
#include <vector>

#include "simulator/program/tile_map.h"

namespace crossloom {

/// Programs every crossbar with the weights its blocks stand for, reads the blocks back, and compares what they hold with the
/// layer's weight tensor [output channel][input channel][kernel row][kernel column] walked in its own order. Finds
/// cells programmed twice, weights that differ from the tensor, and weights of a copy that are held twice, or neither held nor
/// dropped.
///
/// Blocks must lie inside their crossbars and matrices and name existing ones; matrices have at most 2^31 weights.
/// A block's column is a run of consecutive weights, so runs are compared: O(columns of all blocks + weights / 64) time; one
/// bit a weight and one a cell of a crossbar in memory.
[[nodiscard]] std::vector<std::string> check_rebuild(const TileMap& tile_map);

}  // namespace crossloom
