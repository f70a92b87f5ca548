#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "compiler/packing/packing.h"
#include "compiler/packing/packing_proof.h"

namespace crossloom {

/// A kind of block of a packing problem: equal blocks of one layer.
struct BlockKind {
  PackingItem item;
  std::int64_t count = 0;
  friend bool operator==(const BlockKind&, const BlockKind&) = default;
};
/// The kinds of the problem's items, in the order of their first items.
[[nodiscard]] std::vector<BlockKind> block_kinds(const PackingProblem& problem);

/// Blocks that may share a crossbar, as kinds, ascending; one that may be there twice is named twice.
using CrossbarPattern = std::vector<std::size_t>;

/// Patterns of a look for the most that a crossbar can be worth.
struct ValuablePatterns {
  std::vector<CrossbarPattern> patterns;  ///< each worth more than those before and more than asked for
  std::int64_t most = 0;                  ///< no pattern is worth more; what was asked for when none is
  bool is_complete = false;               ///< else only `patterns` says something
  std::int64_t num_nodes = 0;             ///< sets looked at
};

/// Sizes of a set of blocks, ascending.
using SizeClasses = std::array<std::uint32_t, kMaxBlocksToProve>;
struct SizeClassesHash {
  [[nodiscard]] std::size_t operator()(const SizeClasses& classes) const;
};

/// Looks for contents of a crossbar by branch and bound: kinds by worth for their area, the bound that of the fractional
/// knapsack (Dantzig, Operations Research 1957) and, under a cap of blocks, what so few can be worth at most. A set counts as a
/// pattern unless `may_fit` proves that it does not fit, so `most` holds for all contents.
class PatternSearch {
 public:
  PatternSearch(const PackingProblem& rules, std::vector<BlockKind> kinds);

  /// Patterns worth more than `asked` by `worths`, each at least 0; at most `max_nodes` sets are looked at.
  [[nodiscard]] ValuablePatterns find(const std::vector<std::int64_t>& worths, std::int64_t asked, std::int64_t max_nodes);

 private:
  void extend(std::span<const std::size_t> candidates, std::int64_t worth, std::int64_t free_area);
  [[nodiscard]] bool is_beaten(std::span<const std::size_t> candidates, std::int64_t worth, std::int64_t free_area) const;
  [[nodiscard]] std::int64_t most_worth(std::span<const std::size_t> candidates, std::int64_t num_blocks) const;
  [[nodiscard]] bool fits_with(std::size_t kind);
  [[nodiscard]] bool may_share(std::size_t a, std::size_t b) const;
  [[nodiscard]] std::int64_t area_of(std::size_t kind) const { return kinds_[kind].item.rows * kinds_[kind].item.cols; }

  const PackingProblem& rules_;
  std::vector<BlockKind> kinds_;
  std::vector<std::uint32_t> size_class_;  ///< of each kind, from 1
  std::unordered_map<SizeClasses, bool, SizeClassesHash> known_;
  std::vector<std::int64_t> worths_;
  CrossbarPattern chosen_;
  ValuablePatterns found_;
  std::int64_t num_nodes_left_ = 0;
};

}  // namespace crossloom
