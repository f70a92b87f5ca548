#include "accuracy/crossbar_sharing.h"

#include <algorithm>

namespace crossloom {
namespace {

bool share_rows(const CrossbarPart& a, const CrossbarPart& b) { return a.row0 < b.row0 + b.rows && b.row0 < a.row0 + a.rows; }
bool share_cols(const CrossbarPart& a, const CrossbarPart& b) { return a.col0 < b.col0 + b.cols && b.col0 < a.col0 + a.cols; }

bool is_unprogrammed(const CrossbarPart& cells, const CrossbarContents& contents) {
  return std::ranges::none_of(contents.blocks, [&](const PlacedBlock& block) {
    return share_rows(cells, place_in_crossbar(block)) && share_cols(cells, place_in_crossbar(block));
  });
}

/// Whether two blocks can be read at the same time: no row and no column in common, and no weights where they cross.
bool can_be_read_together(const PlacedBlock& a, const PlacedBlock& b, const CrossbarContents& contents) {
  return !share_rows(place_in_crossbar(a), place_in_crossbar(b)) && !share_cols(place_in_crossbar(a), place_in_crossbar(b)) &&
         is_unprogrammed(crossing(a, b), contents) && is_unprogrammed(crossing(b, a), contents);
}

}  // namespace

CrossbarPart place_in_crossbar(const PlacedBlock& block) { return {block.row0, block.rows, block.col0, block.cols}; }

CrossbarPart crossing(const PlacedBlock& driven, const PlacedBlock& read) {
  return {driven.row0, driven.rows, read.col0, read.cols};
}

std::vector<std::size_t> read_together_with(std::size_t reader, const CrossbarContents& contents) {
  std::vector<std::size_t> together = {reader};
  for (std::size_t other = 0; other < contents.blocks.size(); ++other) {
    const bool fits = std::ranges::all_of(together, [&](std::size_t chosen) {
      return can_be_read_together(contents.blocks[chosen], contents.blocks[other], contents);
    });
    if (fits) together.push_back(other);
  }
  together.erase(together.begin());
  return together;
}

}  // namespace crossloom
