#pragma once

#include <cstdint>
#include <vector>

#include "compiler/duplication/crossbar_sharing.h"
#include "compiler/packing/packing.h"

namespace crossloom {

/// 3 to 8 layers of one to three blocks on crossbars of 16x16 weights, cap 0 or 3, neighbours apart; the budget is a crossbar a
/// block and up to four more. The same trial gives the same problem.
[[nodiscard]] SharingProblem random_sharing(std::uint64_t trial);

/// The packing problem that the placed copies are an answer to, and that answer.
struct PlacedCopies {
  PackingProblem problem;
  Packing packing;
};
[[nodiscard]] PlacedCopies placed_copies(const SharingProblem& problem, const std::vector<CopyPlacement>& placements);

}  // namespace crossloom
