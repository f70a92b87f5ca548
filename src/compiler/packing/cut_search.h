#pragma once

#include <cstdint>

#include "compiler/packing/free_cuts.h"

namespace crossloom {

/// How long to search.
struct CutLimits {
  std::int64_t num_looks = 0;    ///< at a crossbar, over all attempts
  std::int64_t lower_bound = 0;  ///< of crossbars: there the search ends
};

/// Empties one crossbar after another as `eject_crossbars` does, and moves the cuts of the matrices where that makes room. A
/// matrix is cut in two stages (Gilmore, Gomory, Operations Research 1965): first right across, where `start` cuts it, into
/// strips of rows or of columns, then each strip for itself wherever it suits. So the blocks of a strip give length to each
/// other, or to a new block on another crossbar. The blocks of `start` form a grid in each matrix that is not fixed, `start`'s
/// packing is valid; no block grows beyond the longest of its layer. The result is never worse than `start`. Deterministic.
/// O(looks x blocks of a crossbar), and a step of O(blocks) for each crossbar saved.
[[nodiscard]] CutPacking move_cuts(const PackingProblem& rules, CutPacking start, const CutLimits& limits);

}  // namespace crossloom
