#include "simulator/program/block_overlap.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace crossloom {

std::vector<std::string> find_overlaps(std::vector<BlockExtent> blocks) {
  std::ranges::stable_sort(blocks, {}, [](const BlockExtent& block) { return std::tuple(block.crossbar, block.row0); });
  std::vector<std::string> messages;
  std::int64_t reported_crossbar = -1;
  for (auto upper = blocks.begin(); upper != blocks.end(); ++upper) {
    if (upper->crossbar == reported_crossbar) continue;
    for (auto lower = upper + 1; lower != blocks.end(); ++lower) {
      if (lower->crossbar != upper->crossbar || lower->row0 >= upper->row0 + upper->rows) break;
      const std::int64_t col = std::max(upper->col0, lower->col0);
      if (col >= std::min(upper->col0 + upper->cols, lower->col0 + lower->cols)) continue;
      messages.push_back(fmt::format("{}: overlaps {} in crossbar {} at row {}, column {}", lower->name, upper->name,
                                     upper->crossbar, lower->row0, col));
      reported_crossbar = upper->crossbar;
      break;
    }
  }
  return messages;
}

}  // namespace crossloom
