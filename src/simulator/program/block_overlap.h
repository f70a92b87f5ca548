#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace crossloom {

/// Where a block lies, and what to call it in a message.
struct BlockExtent {
  std::int64_t crossbar = 0;
  std::int64_t row0 = 0;
  std::int64_t col0 = 0;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::string name;
};

/// One message for each crossbar in which two blocks overlap: `<name>: overlaps <name> in crossbar 3 at row 4, column 7`.
/// A sweep over the rows: about O(n log n), at most O(cells).
[[nodiscard]] std::vector<std::string> find_overlaps(std::vector<BlockExtent> blocks);

}  // namespace crossloom
