#pragma once

#include <vector>

#include "compiler/lowering/lower.h"
#include "compiler/placement/place.h"
#include "simulator/program/placed_program.h"
#include "simulator/program/tile_map.h"

namespace crossloom {

/// Gives every operation its copies, windows and physical ids. Copy j of m runs windows j, j + m, j + 2m, ... A crossbar copy's
/// home is the tile of its first block; the additions that join its row parts are added to its vector unit operations. Vector
/// and pooling operations get as many copies as the one of their producers that has most (the first of equals), each on that
/// copy's home tile, but at most one a window: so digital work spreads like the analog work before it. Input and output are one
/// copy at the IO port. `blocks` and `packing` are those the map was placed from; O(operations + blocks).
[[nodiscard]] PlacedProgram schedule(const LoweredNetwork& lowered, const TileMap& tile_map,
                                     const std::vector<CopyBlock>& blocks, const Packing& packing);

/// Windows of an operation dealt out in turn to `num_copies` copies, 1 to `num_windows`; home tiles and blocks are left to the
/// caller.
[[nodiscard]] std::vector<CopyRecord> deal_windows(std::int64_t num_windows, std::int64_t num_copies);

/// Gives a vector or pooling operation copies beside those of its producer that has most; `producers` are the operations before
/// it, with their copies.
void schedule_beside_producers(Operation& operation, const std::vector<Operation>& producers);

}  // namespace crossloom
