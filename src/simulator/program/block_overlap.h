#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace crossloom {

/// Where a block lies.
struct BlockExtent {
  std::int64_t crossbar = 0;
  std::int64_t row0 = 0;
  std::int64_t col0 = 0;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::size_t number = 0;  ///< what the caller knows it by
};

/// Two blocks that overlap, and the first place that both hold.
struct BlockOverlap {
  std::size_t lower = 0;  ///< number of the one that begins at the later row
  std::size_t upper = 0;
  std::int64_t crossbar = 0;
  std::int64_t row = 0;
  std::int64_t col = 0;
  friend bool operator==(const BlockOverlap&, const BlockOverlap&) = default;
};

/// One for each crossbar in which two blocks overlap. A sweep over the rows: about O(n log n), at most O(cells).
[[nodiscard]] std::vector<BlockOverlap> find_overlaps(std::vector<BlockExtent> blocks);

}  // namespace crossloom
