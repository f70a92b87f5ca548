#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/packing/lower_bounds.h"
#include "compiler/packing/packing.h"

namespace crossloom {

/// First row and column of a block.
struct BlockCorner {
  std::int64_t row0 = 0;
  std::int64_t col0 = 0;
  friend bool operator==(const BlockCorner&, const BlockCorner&) = default;
};

/// Places for all blocks in one crossbar without overlap, in their order; nothing when the search finds none. Branch and bound
/// over the skyline (Burke, Kendall, Whitwell, Operations Research 2004, made exhaustive): the lowest segment takes a block at
/// its end, or is given up; tried along rows and along columns, at most `max_nodes` each. Complete for two blocks; for more it
/// can miss a packing whose blocks overhang a gap that another block fills in part. Sizes are at most the crossbar's.
[[nodiscard]] std::optional<std::vector<BlockCorner>> fit_in_crossbar(std::span<const BlockSize> blocks, std::int64_t rows,
                                                                      std::int64_t cols, std::int64_t max_nodes);

/// `fit_in_crossbar` as a question, remembered by the sizes asked for.
class CrossbarFit {
 public:
  explicit CrossbarFit(const PackingProblem& problem);

  /// Whether blocks of the problem, by index, fit together.
  [[nodiscard]] bool fits(const std::vector<std::size_t>& items);
  /// Their places, in order; nothing when `fits` says no.
  [[nodiscard]] std::optional<std::vector<BlockCorner>> places(const std::vector<std::size_t>& items) const;

 private:
  const PackingProblem& problem_;
  std::vector<char16_t> size_class_;  ///< of each item; equal sizes, equal class; the last: sizes beyond the range
  std::unordered_map<std::u16string, bool> known_;
};

/// The same of sizes that need not be a problem's.
class SizeFit {
 public:
  SizeFit(std::int64_t rows, std::int64_t cols) : rows_(rows), cols_(cols) {}

  /// Whether blocks of these sizes fit together.
  [[nodiscard]] bool fits(std::span<const BlockSize> sizes);
  /// Their places, in order; nothing when `fits` says no.
  [[nodiscard]] std::optional<std::vector<BlockCorner>> places(std::span<const BlockSize> sizes) const;

 private:
  [[nodiscard]] char32_t key_of(const BlockSize& size) const {
    return static_cast<char32_t>((size.rows - 1) * cols_ + size.cols - 1);
  }

  std::int64_t rows_;
  std::int64_t cols_;
  std::unordered_map<std::u32string, bool> known_;
};

}  // namespace crossloom
