#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// Output values [first, end).
struct OutputRange {
  std::int64_t first = 0;
  std::int64_t end = 0;
  friend bool operator==(const OutputRange&, const OutputRange&) = default;
};

/// Additions that make one sum of each output value in these ranges of partial sums: n sums of a value take n - 1.
[[nodiscard]] std::int64_t num_additions(std::span<const OutputRange> partial_sums);

/// Partial sums that the blocks of a copy on one tile make in a window; ranges may overlap.
struct TileSums {
  std::int64_t tile = 0;
  std::vector<OutputRange> outputs;
};

/// What a tile does with the partial sums of a window.
struct AccumulationStep {
  static constexpr std::int64_t kHome = -1;

  std::int64_t parent = kHome;     ///< entry that its sums are sent to, or the home tile
  std::int64_t num_children = 0;   ///< entries that send it theirs
  std::int64_t num_additions = 0;  ///< of the tile's vector unit, before it sends; 0 in the home tile, which adds for the layer
  std::int64_t num_sums = 0;       ///< sent to the parent, or, in the home tile, given to its vector unit
  std::int64_t num_own_sums = 0;   ///< made by the tile's own blocks
  [[nodiscard]] bool adds() const { return num_additions > 0; }
  friend bool operator==(const AccumulationStep&, const AccumulationStep&) = default;
};

/// Where the partial sums of a copy meet, by entry of `tiles`, whose tile numbers differ.
///
/// Accumulation::kHomeTile: every tile sends all of its sums home. kTree: a tile sends them to the nearest tile that is nearer
/// to the home tile by mesh distance and makes sums of some of the same output values, or home when that is as near; of equals
/// to the one nearest to the home tile, then the one with the lower number. Before it sends, it adds its own sums and those it
/// was sent up to one sum an output value: sums of n values for the same output take n - 1 additions, wherever they are made.
/// O(tiles^2 + ranges log ranges).
[[nodiscard]] std::vector<AccumulationStep> accumulation_steps(const ChipConfig& chip, std::int64_t home_tile,
                                                               std::span<const TileSums> tiles);

}  // namespace crossloom
