#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace crossloom {

/// A block to pack: a rectangle that belongs to a layer.
struct PackingItem {
  std::int64_t layer = 0;  ///< order of the layer among the mapped layers: neighbours may not share a crossbar
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  friend bool operator==(const PackingItem&, const PackingItem&) = default;
};

/// Two-dimensional bin packing without rotation, with the rules of sharing.
struct PackingProblem {
  std::int64_t crossbar_rows = 0;
  std::int64_t crossbar_cols = 0;
  std::int64_t num_crossbars = 0;            ///< budget
  std::int64_t max_blocks_per_crossbar = 0;  ///< 0 = no cap
  /// Blocks whose layers are at most this many places apart may not share a crossbar: 0 = only blocks of one layer, 1 = also
  /// neighbouring layers, -1 = all may. Copies of a layer count as that layer.
  std::int64_t conflict_distance = 1;
  std::vector<PackingItem> items;
  friend bool operator==(const PackingProblem&, const PackingProblem&) = default;
};

struct BlockPlacement {
  std::int64_t crossbar = 0;
  std::int64_t row0 = 0;
  std::int64_t col0 = 0;
  friend bool operator==(const BlockPlacement&, const BlockPlacement&) = default;
};

struct Packing {
  std::int64_t num_crossbars = 0;          ///< used: 0 .. num_crossbars - 1, none empty
  std::vector<BlockPlacement> placements;  ///< one an item, in the order of the items
  friend bool operator==(const Packing&, const Packing&) = default;
};

/// Throws UserError for items larger than a crossbar, sizes below 1, negative layers, budget or cap, a conflict distance below
/// -1, and an area of as many crossbars as items that does not fit into 64 bits.
void check(const PackingProblem& problem);

/// ceil(area of the items / area of a crossbar). Assumes check(problem) passed.
[[nodiscard]] std::int64_t area_lower_bound(const PackingProblem& problem);

/// Independent check; what is wrong, one message a finding (the first 20), empty when all rules hold (budget included).
/// Assumes check(problem) passed, nothing of the packing. Quadratic in the blocks of a crossbar.
[[nodiscard]] std::vector<std::string> verify_packing(const PackingProblem& problem, const Packing& packing);

}  // namespace crossloom
