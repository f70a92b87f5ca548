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

/// What one copy of each layer takes of a crossbar by one pair of dual feasible functions: no crossbar holds blocks that take
/// more than `capacity` together.
struct SizeMeasure {
  std::int64_t capacity = 1;
  std::vector<std::int64_t> layers;  ///< of the blocks of one copy of each
  friend bool operator==(const SizeMeasure&, const SizeMeasure&) = default;
};

/// For each layer the measure by which it takes most, if that is more than its area, and the one by which all together do;
/// `layers` are the blocks of one copy of each. Cost as `size_lower_bound`.
[[nodiscard]] std::vector<SizeMeasure> size_measures(std::span<const std::vector<BlockSize>> layers, std::int64_t rows,
                                                     std::int64_t cols);

/// Blocks of the most crowded neighbourhood of conflict_distance + 1 layers, each of which needs a crossbar of its own.
[[nodiscard]] std::int64_t conflict_lower_bound(const PackingProblem& problem);
/// The number of blocks over the cap; 0 without one.
[[nodiscard]] std::int64_t cap_lower_bound(const PackingProblem& problem);

/// A bound and what it comes from.
struct CrossbarBound {
  std::int64_t num_crossbars = 0;
  std::string_view reason;  ///< "area", "sizes", "conflicts", "cap" or "columns"
  friend bool operator==(const CrossbarBound&, const CrossbarBound&) = default;
};

/// No packing of the problem uses fewer crossbars: the largest of
/// - the area of the blocks, or their sizes (`size_lower_bound`)
/// - the blocks of the most crowded neighbourhood of conflict_distance + 1 layers, each of which needs a crossbar of its own
/// - the number of blocks over the cap.
/// The first of equal ones is the reason. Assumes check(problem) passed.
[[nodiscard]] CrossbarBound lower_bound(const PackingProblem& problem);

}  // namespace crossloom
