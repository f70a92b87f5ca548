#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "compiler/duplication/copy_cost.h"

namespace crossloom {

/// No copies within the budget cost less than this. For any rates on the layers' intervals that the cost is never below
/// (CopyCost::rates, or a mean of several), Lagrange's relaxation of a limit splits the problem into layers:
///     max over price p of  sum over layers of min over m of (rate x interval(m) + (p + q) x share x m)  -  p x crossbars
/// with q the cost of a crossbar and share what a copy takes of one by area, by the cap of blocks or by the mean of both
/// (Everett, Operations Research 1963). The mean of rates is that of fictitious play (Brown 1951): each answer of the layers
/// adds the rates on which its cost hangs. `start` are copies whose rates come first.
[[nodiscard]] double copies_bound(const DuplicationProblem& problem, const CopyCost& cost, std::span<const std::int64_t> start);

/// Copies and what they cost.
struct CheapestCopies {
  std::vector<std::int64_t> copies;
  double value = 0.0;
};

/// The copies that cost least within the limits of the budget, by branch and bound over the layers; `known` when none cost less
/// than that (`copies` is empty then). Nothing when the search takes more than `max_nodes` nodes.
[[nodiscard]] std::optional<CheapestCopies> cheapest_copies(const DuplicationProblem& problem, const CopyCost& cost,
                                                            double known, std::int64_t max_nodes);

}  // namespace crossloom
