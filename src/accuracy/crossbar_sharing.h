#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "simulator/program/tile_map.h"

namespace crossloom {

/// Rows and weight columns of a crossbar.
struct CrossbarPart {
  std::int64_t row0 = 0;
  std::int64_t rows = 0;
  std::int64_t col0 = 0;
  std::int64_t cols = 0;
};

[[nodiscard]] CrossbarPart place_in_crossbar(const PlacedBlock& block);
/// Where the rows of one block cross the columns of another.
[[nodiscard]] CrossbarPart crossing(const PlacedBlock& driven, const PlacedBlock& read);

/// Blocks that can be read together with block `reader` of a crossbar, as many as fit, in the order of the tile map: of any two
/// no row and no column in common, and no weights where they cross.
[[nodiscard]] std::vector<std::size_t> read_together_with(std::size_t reader, const CrossbarContents& contents);

}  // namespace crossloom
