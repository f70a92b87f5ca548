#include "compiler/placement/place.h"

#include "simulator/hardware/chip_geometry.h"
#include "support/error.h"

namespace crossloom {

TileMap place_row_major(const ChipConfig& chip, const std::vector<WeightMatrix>& matrices,
                        const std::vector<std::int64_t>& num_copies, const std::vector<CopyBlock>& blocks,
                        const Packing& packing) {
  if (blocks.size() != packing.placements.size()) throw InternalError("place: the packing is not one of these blocks");
  if (packing.num_crossbars > num_crossbars(chip)) throw InternalError("place: the packing has more crossbars than the chip");
  TileMap map{.chip = chip, .matrices = matrices, .num_copies = num_copies};
  map.crossbars.resize(static_cast<std::size_t>(packing.num_crossbars));
  for (std::int64_t crossbar = 0; crossbar < packing.num_crossbars; ++crossbar) {
    CrossbarContents& contents = map.crossbars[static_cast<std::size_t>(crossbar)];
    contents.crossbar = crossbar;
    contents.tile = tile_of_crossbar(chip, crossbar);
  }
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const WeightBlock& block = blocks[i].block;
    const BlockPlacement& placement = packing.placements[i];
    map.crossbars.at(static_cast<std::size_t>(placement.crossbar))
        .blocks.push_back({.matrix = block.matrix,
                           .copy = blocks[i].copy,
                           .matrix_row0 = block.matrix_row0,
                           .matrix_col0 = block.matrix_col0,
                           .rows = block.rows,
                           .cols = block.cols,
                           .row0 = placement.row0,
                           .col0 = placement.col0});
  }
  return map;
}

}  // namespace crossloom
