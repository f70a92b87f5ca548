#include "simulator/program/block_overlap.h"

#include <algorithm>
#include <tuple>

namespace crossloom {

std::vector<BlockOverlap> find_overlaps(std::vector<BlockExtent> blocks) {
  std::ranges::stable_sort(blocks, {}, [](const BlockExtent& block) { return std::tuple(block.crossbar, block.row0); });
  std::vector<BlockOverlap> found;
  std::int64_t reported_crossbar = -1;
  for (auto upper = blocks.begin(); upper != blocks.end(); ++upper) {
    if (upper->crossbar == reported_crossbar) continue;
    for (auto lower = upper + 1; lower != blocks.end(); ++lower) {
      if (lower->crossbar != upper->crossbar || lower->row0 >= upper->row0 + upper->rows) break;
      const std::int64_t col = std::max(upper->col0, lower->col0);
      if (col >= std::min(upper->col0 + upper->cols, lower->col0 + lower->cols)) continue;
      found.push_back(
          {.lower = lower->number, .upper = upper->number, .crossbar = upper->crossbar, .row = lower->row0, .col = col});
      reported_crossbar = upper->crossbar;
      break;
    }
  }
  return found;
}

}  // namespace crossloom
