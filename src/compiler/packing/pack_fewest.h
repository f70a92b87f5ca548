#pragma once

#include "compiler/packing/lower_bounds.h"
#include "compiler/packing/packer.h"
#include "compiler/packing/packing.h"

namespace crossloom {

struct FewestPacking {
  Packing packing;
  CrossbarBound bound;  ///< no packing is below
};

/// Packs on as few crossbars as the packer finds, with a crossbar for each block as the budget, and proves how few there must
/// be. With effort `best` the bound is also that of column generation, reason "columns", first without conflicts, which is
/// often enough and faster, and the packer's search ends there. Throws UserError as `check(PackingProblem)`.
[[nodiscard]] FewestPacking pack_fewest(PackingProblem problem, const Packer& packer, PackingEffort effort);

}  // namespace crossloom
