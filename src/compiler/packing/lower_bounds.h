#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/packing/packing.h"

namespace crossloom {

/// Height and width of a block, in weights.
struct BlockSize {
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  friend bool operator==(const BlockSize&, const BlockSize&) = default;
};

/// Crossbars that blocks need by their sizes alone, whatever their layers: the largest of the bounds by dual feasible
/// functions. Such a function f maps lengths to [0, 1] so that lengths which fit side by side never sum to more than 1; then
/// blocks that fit into one crossbar never have sum f(rows) g(cols) above 1 for any two of them (Fekete, Schepers, Mathematical
/// Programming 2001). Taken are the identity, u_eps (lengths below eps count nothing, above 1 - eps all) and the rounding
/// functions u^k; the area bound is the first pair. O(distinct sizes x pairs of functions); at most 24 functions each way.
[[nodiscard]] std::int64_t size_lower_bound(std::span<const BlockSize> blocks, std::int64_t rows, std::int64_t cols);

/// A bound and what it comes from.
struct CrossbarBound {
  std::int64_t num_crossbars = 0;
  std::string_view reason;  ///< "area", "sizes", "conflicts" or "cap"
  friend bool operator==(const CrossbarBound&, const CrossbarBound&) = default;
};

/// No packing of the problem uses fewer crossbars: the largest of
/// - the area of the blocks, or their sizes (`size_lower_bound`)
/// - the blocks of the most crowded neighbourhood of conflict_distance + 1 layers, each of which needs a crossbar of its own
/// - the number of blocks over the cap.
/// The first of equal ones is the reason. Assumes check(problem) passed.
[[nodiscard]] CrossbarBound lower_bound(const PackingProblem& problem);

}  // namespace crossloom
