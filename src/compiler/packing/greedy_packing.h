#pragma once

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

struct GreedyStrategy {
  PackingOrder order = PackingOrder::kArea;
  FitRule rule = FitRule::kShortSide;
  CrossbarChoice choice = CrossbarChoice::kBestFit;
};

/// One pass: block after block in the strategy's order goes to a place among the open crossbars that its layer and the cap
/// allow, or opens a new crossbar. Always succeeds; the result may exceed the budget. O(runs x open crossbars x free
/// rectangles), without the crossbars that are too full for every block to come; a run is a number of equal blocks of one layer
/// when those may not share a crossbar, else one block.
[[nodiscard]] Packing pack_greedily(const PackingProblem& problem, const GreedyStrategy& strategy);

}  // namespace crossloom
