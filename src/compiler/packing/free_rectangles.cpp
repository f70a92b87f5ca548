#include "compiler/packing/free_rectangles.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace crossloom {

namespace {

/// As many as most crossbars ever have, pieces of a rectangle just cut included.
constexpr std::size_t kFewRectangles = 8;

bool contains(const PackingRectangle& outer, const PackingRectangle& inner) {
  return outer.row0 <= inner.row0 && outer.col0 <= inner.col0 && inner.row0 + inner.rows <= outer.row0 + outer.rows &&
         inner.col0 + inner.cols <= outer.col0 + outer.cols;
}

bool overlap(const PackingRectangle& a, const PackingRectangle& b) {
  return a.row0 < b.row0 + b.rows && b.row0 < a.row0 + a.rows && a.col0 < b.col0 + b.cols && b.col0 < a.col0 + a.cols;
}

FitScore score_of(const PackingRectangle& free, std::int64_t rows, std::int64_t cols, FitRule rule) {
  const std::int64_t short_side = std::min(free.rows - rows, free.cols - cols);
  const std::int64_t long_side = std::max(free.rows - rows, free.cols - cols);
  if (rule == FitRule::kShortSide) return {short_side, long_side};
  return {free.rows * free.cols - rows * cols, short_side};
}

}  // namespace

FreeRectangles::FreeRectangles(std::int64_t rows, std::int64_t cols) : free_area_(rows * cols) {
  rectangles_.reserve(kFewRectangles);
  rectangles_.push_back({.row0 = 0, .col0 = 0, .rows = rows, .cols = cols});
}

std::optional<FitPlace> FreeRectangles::best_place(std::int64_t rows, std::int64_t cols, FitRule rule) const {
  std::optional<FitPlace> best;
  for (const PackingRectangle& free : rectangles_) {
    if (free.rows < rows || free.cols < cols) continue;
    const FitScore score = score_of(free, rows, cols, rule);
    if (!best || score < best->score) best = FitPlace{.score = score, .row0 = free.row0, .col0 = free.col0};
  }
  return best;
}

void FreeRectangles::clear(std::int64_t rows, std::int64_t cols) {
  rectangles_.assign(1, {.row0 = 0, .col0 = 0, .rows = rows, .cols = cols});
  free_area_ = rows * cols;
}

void FreeRectangles::take(const PackingRectangle& used) {
  // In place, as packers do little else: rectangles that stay move to the front, pieces of the others are added at the end.
  const std::size_t num_before = rectangles_.size();
  std::size_t num_kept = 0;
  for (std::size_t i = 0; i < num_before; ++i) {
    const PackingRectangle free = rectangles_[i];
    if (!overlap(free, used)) {
      rectangles_[num_kept++] = free;
      continue;
    }
    const std::int64_t free_end_row = free.row0 + free.rows;
    const std::int64_t free_end_col = free.col0 + free.cols;
    const std::int64_t used_end_row = used.row0 + used.rows;
    const std::int64_t used_end_col = used.col0 + used.cols;
    if (used.row0 > free.row0) rectangles_.push_back({free.row0, free.col0, used.row0 - free.row0, free.cols});
    if (used_end_row < free_end_row) rectangles_.push_back({used_end_row, free.col0, free_end_row - used_end_row, free.cols});
    if (used.col0 > free.col0) rectangles_.push_back({free.row0, free.col0, free.rows, used.col0 - free.col0});
    if (used_end_col < free_end_col) rectangles_.push_back({free.row0, used_end_col, free.rows, free_end_col - used_end_col});
  }
  for (std::size_t i = num_before; i < rectangles_.size(); ++i) {
    const PackingRectangle piece = rectangles_[i];
    const auto covers = [&](const PackingRectangle& other) { return contains(other, piece); };
    // Earlier pieces that stay are among the kept ones; of two equal pieces the earlier one stays.
    const auto begin = rectangles_.begin();
    const bool is_covered = std::any_of(begin, begin + static_cast<std::ptrdiff_t>(num_kept), covers) ||
                            std::any_of(begin + static_cast<std::ptrdiff_t>(i) + 1, rectangles_.end(),
                                        [&](const PackingRectangle& other) { return covers(other) && other != piece; });
    if (!is_covered) rectangles_[num_kept++] = piece;
  }
  rectangles_.resize(num_kept);
  free_area_ -= used.rows * used.cols;
}

}  // namespace crossloom
