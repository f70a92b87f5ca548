#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "compiler/packing/free_rectangles.h"
#include "compiler/packing/packing.h"

namespace crossloom {

/// Orders in which blocks are packed, largest first; ties by a second size and at last by index.
enum class PackingOrder {
  kArea,      ///< area, then long side
  kLongSide,  ///< long side, then area
  kRows,      ///< rows, then columns
  kCols,      ///< columns, then rows
};

/// Which open crossbar takes a block.
enum class CrossbarChoice {
  kFirstFit,  ///< the one opened first
  kBestFit,   ///< the one with the best place by the fit rule, ties to the one opened first
};

/// Indices of the items in an order.
[[nodiscard]] std::vector<std::size_t> items_in(PackingOrder order, const PackingProblem& problem);

struct GreedyStrategy {
  FitRule rule = FitRule::kShortSide;
  CrossbarChoice choice = CrossbarChoice::kBestFit;
  /// As soon as so many crossbars are certain, packing stops and there is no result: who has a packing asks for a better one.
  std::int64_t fewer_than = std::numeric_limits<std::int64_t>::max();
};

/// One pass: block after block of `order`, which holds each item once, goes to a place among the open crossbars that its layer
/// and the cap allow, or opens a new crossbar. The result may exceed the problem's budget. O(runs x open crossbars x free
/// rectangles), without the crossbars that are too full for every block to come; a run is a number of equal blocks of one layer
/// when those may not share a crossbar, else one block.
[[nodiscard]] std::optional<Packing> pack_greedily(const PackingProblem& problem, std::span<const std::size_t> order,
                                                   const GreedyStrategy& strategy);

}  // namespace crossloom
