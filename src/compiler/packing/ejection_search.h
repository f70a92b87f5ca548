#pragma once

#include <cstdint>

#include "compiler/packing/packing.h"

namespace crossloom {

/// How long to search.
struct EjectionLimits {
  std::int64_t num_insertions = 0;  ///< blocks taken from the pool, over all attempts
  std::int64_t lower_bound = 0;     ///< of crossbars: there the search ends
};

/// Empties one crossbar after another of a valid packing: its blocks go to a pool, and a block of the pool that fits nowhere
/// takes the place of blocks that have resisted less often so far (guided ejection search: Nagata, Braysy, Operations Research
/// Letters 2009, for vehicle routing), with random exchanges in between. The result is never worse than `start`. Deterministic.
/// O(insertions x crossbars x subsets of a crossbar's blocks).
[[nodiscard]] Packing eject_crossbars(const PackingProblem& problem, Packing start, const EjectionLimits& limits);

}  // namespace crossloom
