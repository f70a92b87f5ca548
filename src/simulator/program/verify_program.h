#pragma once

#include <string>
#include <vector>

#include "simulator/program/placed_program.h"
#include "simulator/program/tile_map.h"

/// Independent checks of a compiled network; they share no code with the passes that made it. Each returns what is wrong, one
/// message a finding with the place (`crossbars[3].blocks[1].row0: 120 + 20 rows exceed the 128 of a crossbar`), empty when all
/// is well; at most 20 findings.
namespace crossloom {

/// Blocks lie inside their crossbars and matrices, do not overlap, crossbars exist on the chip and stand on their tiles, budget
/// kept, lower bound right, and the blocks of every copy of every matrix rebuild it exactly: each entry once. The rebuild
/// writes weight indices into crossbar positions and reads every matrix back through its own definition of the layer's weights.
[[nodiscard]] std::vector<std::string> verify_tile_map(const TileMap& tile_map);

/// Producers precede consumers, every window of every operation is run by exactly one copy, pixels asked for exist or are
/// padding, home tiles and crossbars exist, blocks inside crossbars, blocks that share a crossbar do not overlap.
[[nodiscard]] std::vector<std::string> verify_program(const PlacedProgram& program);

/// The program runs exactly the blocks of the tile map, at the same places, with the same chip, budget, seed and network.
[[nodiscard]] std::vector<std::string> verify_agreement(const TileMap& tile_map, const PlacedProgram& program);

}  // namespace crossloom
