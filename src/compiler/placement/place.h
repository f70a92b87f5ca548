#pragma once

#include <cstdint>
#include <vector>

#include "compiler/packing/packing.h"
#include "compiler/partition/partition.h"
#include "simulator/hardware/chip_config.h"
#include "simulator/program/tile_map.h"

namespace crossloom {

/// A block of a copy, in the order of the packing's items.
struct CopyBlock {
  WeightBlock block;
  std::int64_t copy = 0;
  friend bool operator==(const CopyBlock&, const CopyBlock&) = default;
};

/// Puts packed crossbar k on crossbar k of the chip: tile by tile, row by row over the mesh. Fills crossbars, tiles and chip of
/// the map; the caller fills the names and budgets.
[[nodiscard]] TileMap place_row_major(const ChipConfig& chip, const std::vector<WeightMatrix>& matrices,
                                      const std::vector<std::int64_t>& num_copies, const std::vector<CopyBlock>& blocks,
                                      const Packing& packing);

}  // namespace crossloom
