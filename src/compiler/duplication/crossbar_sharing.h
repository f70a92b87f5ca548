#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "compiler/packing/lower_bounds.h"
#include "compiler/packing/packing.h"

/// Layers that share crossbars when a layer takes all its crossbars for the whole of its work on an input, as in RNC's
/// evaluator (arXiv 2409.18841): two layers with a common crossbar then exclude each other. Work is counted in turns, the
/// activations that a block takes one after another.
namespace crossloom {

/// What becomes of turns that do not divide by the copies.
enum class Leftover {
  kDropped,  ///< floor, as RNC does
  kKept,     ///< ceil: the last round is not full
};

struct SharingLayer {
  std::vector<BlockSize> blocks;  ///< of one copy
  std::int64_t num_turns = 0;     ///< of one copy alone for an input, at least 1
  std::int64_t max_copies = 1;    ///< more serve nothing
  friend bool operator==(const SharingLayer&, const SharingLayer&) = default;
};

/// Turns for an input with so many copies at work side by side.
[[nodiscard]] std::int64_t turns_with_copies(const SharingLayer& layer, std::int64_t num_copies, Leftover leftover);

struct SharingProblem {
  PackingProblem rules;  ///< without items; layer k of `layers` is the packing's layer k
  std::vector<SharingLayer> layers;
  Leftover leftover = Leftover::kKept;
};

/// Crossbars that these layers use and no other.
struct CrossbarGroup {
  std::vector<std::size_t> layers;
  std::int64_t num_crossbars = 0;
  friend bool operator==(const CrossbarGroup&, const CrossbarGroup&) = default;
};

/// A block of a copy of a layer in a crossbar.
struct CopyPlacement {
  std::size_t layer = 0;
  std::int64_t copy = 0;
  std::size_t block = 0;
  BlockPlacement place;
  friend bool operator==(const CopyPlacement&, const CopyPlacement&) = default;
};

}  // namespace crossloom
