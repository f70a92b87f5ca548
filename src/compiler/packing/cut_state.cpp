#include "compiler/packing/cut_state.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace crossloom {
namespace {

constexpr int kMaxNewPieces = 2;  ///< that a length goes to

std::int64_t length_across(const BlockSize& size, CutAxis axis) { return axis == CutAxis::kCols ? size.rows : size.cols; }

}  // namespace

std::int64_t length_along(const BlockSize& size, CutAxis axis) { return axis == CutAxis::kCols ? size.cols : size.rows; }

BlockSize with_length(BlockSize size, CutAxis axis, std::int64_t length) {
  (axis == CutAxis::kCols ? size.cols : size.rows) = length;
  return size;
}

CutState::CutState(const PackingProblem& rules, const CutPacking& start)
    : rules_(&rules), crossbars_(static_cast<std::size_t>(start.packing.num_crossbars)) {
  using Place = std::pair<std::int64_t, std::int64_t>;  // layer and first row or column
  std::map<Place, std::size_t> row_strips;
  std::map<Place, std::size_t> col_strips;
  const auto join = [&](std::map<Place, std::size_t>& strips, const Place& place, std::size_t piece) {
    const auto [strip, is_new] = strips.try_emplace(place, strips_.size());
    if (is_new) strips_.emplace_back();
    strips_[strip->second].push_back(piece);
    return strip->second;
  };
  for (std::size_t i = 0; i < start.blocks.size(); ++i) {
    const CutBlock& block = start.blocks[i];
    Layer& layer = layers_[block.layer];
    layer.is_fixed = layer.is_fixed || block.is_fixed;
    layer.max_rows = std::max(layer.max_rows, block.rows);
    layer.max_cols = std::max(layer.max_cols, block.cols);
    const std::size_t row_strip = join(row_strips, {block.layer, block.matrix_row0}, i);
    const std::size_t col_strip = join(col_strips, {block.layer, block.matrix_col0}, i);
    pieces_.push_back({.layer = block.layer,
                       .size = {.rows = block.rows, .cols = block.cols},
                       .row_strip = row_strip,
                       .col_strip = col_strip});
    insert(static_cast<std::size_t>(start.packing.placements[i].crossbar), i);
  }
}

const std::vector<std::size_t>& CutState::strip_of(std::size_t piece, CutAxis axis) const {
  return strips_[axis == CutAxis::kCols ? pieces_[piece].row_strip : pieces_[piece].col_strip];
}

std::vector<CutAxis> CutState::axes(std::size_t piece) const {
  const Layer& layer = layers_.at(pieces_[piece].layer);
  if (layer.is_fixed) return {};
  if (layer.axis) return {*layer.axis};
  return {CutAxis::kCols, CutAxis::kRows};
}

bool CutState::conflict(std::int64_t layer, std::size_t other) const {
  return std::abs(layer - pieces_[other].layer) <= rules_->conflict_distance;
}

bool CutState::conflicts_on(CutQuestions& ask, std::size_t crossbar, std::int64_t layer) const {
  --ask.num_looks_left;
  return std::ranges::any_of(crossbars_[crossbar].pieces, [&](std::size_t other) { return conflict(layer, other); });
}

std::int64_t CutState::max_length(const Piece& piece, CutAxis axis) const {
  const Layer& layer = layers_.at(piece.layer);
  return axis == CutAxis::kCols ? layer.max_cols : layer.max_rows;
}

bool CutState::fits_with(CutQuestions& ask, std::size_t crossbar, const BlockSize& size,
                         std::span<const std::size_t> without) const {
  --ask.num_looks_left;
  std::vector<BlockSize> sizes{size};
  std::int64_t area = size.rows * size.cols;
  for (const std::size_t other : crossbars_[crossbar].pieces) {
    if (std::ranges::find(without, other) != without.end()) continue;
    sizes.push_back(pieces_[other].size);
    area += area_of(other);
  }
  if (area > capacity()) return false;
  const std::int64_t cap = rules_->max_blocks_per_crossbar;
  return (cap == 0 || static_cast<std::int64_t>(sizes.size()) <= cap) && ask.fit.fits(sizes);
}

std::optional<std::int64_t> CutState::longest_on(CutQuestions& ask, std::size_t crossbar, const BlockSize& size, CutAxis axis,
                                                 std::int64_t least, std::int64_t most,
                                                 std::span<const std::size_t> without) const {
  std::int64_t free_area = capacity() - crossbars_[crossbar].area;
  for (const std::size_t other : without) free_area += area_of(other);
  most = std::min(most, free_area / length_across(size, axis));
  const auto fits = [&](std::int64_t length) { return fits_with(ask, crossbar, with_length(size, axis, length), without); };
  if (most < least || !fits(least)) return std::nullopt;
  if (fits(most)) return most;
  while (most - least > 1) {
    const std::int64_t middle = least + (most - least) / 2;
    (fits(middle) ? least : most) = middle;
  }
  return least;
}

std::optional<std::int64_t> CutState::grown_length(CutQuestions& ask, std::size_t piece, CutAxis axis,
                                                   std::int64_t more) const {
  const Piece& grows = pieces_[piece];
  const std::int64_t length = length_along(grows.size, axis);
  const std::int64_t most = std::min(length + more, max_length(grows, axis));
  return longest_on(ask, grows.crossbar, grows.size, axis, length + 1, most, {&piece, 1});
}

void CutState::insert(std::size_t crossbar, std::size_t piece) {
  crossbars_[crossbar].pieces.push_back(piece);
  crossbars_[crossbar].area += area_of(piece);
  pieces_[piece].crossbar = crossbar;
}

void CutState::take_out(std::size_t piece) {
  FilledCrossbar& from = crossbars_[pieces_[piece].crossbar];
  std::erase(from.pieces, piece);
  from.area -= area_of(piece);
  pieces_[piece].crossbar = kNowhere;
}

void CutState::resize(std::size_t piece, const BlockSize& size) {
  const std::int64_t before = area_of(piece);
  pieces_[piece].size = size;
  if (pieces_[piece].crossbar != kNowhere) crossbars_[pieces_[piece].crossbar].area += area_of(piece) - before;
}

void CutState::set_length(std::size_t piece, CutAxis axis, std::int64_t length) {
  resize(piece, with_length(pieces_[piece].size, axis, length));
  layers_.at(pieces_[piece].layer).axis = axis;
  if (length == 0 && pieces_[piece].crossbar != kNowhere) take_out(piece);
}

void CutState::remove_crossbar(std::size_t crossbar) {
  for (const std::size_t piece : crossbars_[crossbar].pieces) pieces_[piece].crossbar = kNowhere;
  crossbars_.erase(crossbars_.begin() + static_cast<std::ptrdiff_t>(crossbar));
  for (std::size_t i = crossbar; i < crossbars_.size(); ++i) {
    for (const std::size_t piece : crossbars_[i].pieces) pieces_[piece].crossbar = i;
  }
}

void CutState::add_piece(const Piece& like, CutAxis axis, std::int64_t length, std::size_t crossbar) {
  Piece piece = like;
  const std::size_t index = pieces_.size();
  strips_[axis == CutAxis::kCols ? piece.row_strip : piece.col_strip].push_back(index);
  // In the other direction it stands alone.
  (axis == CutAxis::kCols ? piece.col_strip : piece.row_strip) = strips_.size();
  strips_.push_back({index});
  piece.size = with_length(piece.size, axis, length);
  pieces_.push_back(piece);
  insert(crossbar, index);
}

void CutState::undo(std::vector<Change>& changes) {
  for (; !changes.empty(); changes.pop_back()) {
    const Change& change = changes.back();
    if (change.before.rows > 0) {
      resize(change.piece, change.before);
      continue;
    }
    take_out(change.piece);
    strips_[pieces_[change.piece].row_strip].pop_back();
    strips_[pieces_[change.piece].col_strip].pop_back();
    strips_.pop_back();
    pieces_.pop_back();
  }
}

bool CutState::give_away(CutQuestions& ask, std::size_t piece, CutAxis axis, std::int64_t length, std::size_t avoided,
                         std::size_t turn) {
  const Piece from = pieces_[piece];
  std::vector<Change> changes;
  const std::vector<std::size_t> siblings = strip_of(piece, axis);
  for (std::size_t i = 0; i < siblings.size() && length > 0; ++i) {
    const std::size_t sibling = siblings[(turn + i) % siblings.size()];
    const Piece& other = pieces_[sibling];
    if (sibling == piece || other.crossbar == kNowhere || other.crossbar == avoided) continue;
    const std::optional<std::int64_t> grown = grown_length(ask, sibling, axis, length);
    if (!grown) continue;
    length -= *grown - length_along(other.size, axis);
    changes.push_back({.piece = sibling, .before = other.size});
    resize(sibling, with_length(other.size, axis, *grown));
  }
  for (int i = 0; i < kMaxNewPieces && length > 0; ++i) {
    std::int64_t best = 0;
    std::size_t best_crossbar = kNowhere;
    for (std::size_t j = 0; j < crossbars_.size() && ask.num_looks_left > 0; ++j) {
      const std::size_t crossbar = (turn + j) % crossbars_.size();
      const std::int64_t least = std::max(std::min(length, kMinPiece), best + 1);
      if (crossbar == avoided || least > length || conflicts_on(ask, crossbar, from.layer)) continue;
      const auto longest = longest_on(ask, crossbar, from.size, axis, least, std::min(length, max_length(from, axis)), {});
      if (!longest) continue;
      best = *longest;
      best_crossbar = crossbar;
    }
    if (best == 0) break;
    changes.push_back({.piece = pieces_.size(), .before = {}});
    add_piece(from, axis, best, best_crossbar);
    length -= best;
  }
  if (length > 0) {
    undo(changes);
    return false;
  }
  layers_.at(from.layer).axis = axis;
  return true;
}

CutPacking CutState::rebuilt(const CutPacking& start) const {
  struct Placed {
    CutBlock block;
    std::size_t piece = 0;
  };
  std::vector<Placed> placed;
  std::map<std::size_t, std::int64_t> filled;  // of each strip
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    const Layer& layer = layers_.at(piece.layer);
    if (!layer.axis) {
      placed.push_back({.block = start.blocks[i], .piece = i});
      continue;
    }
    if (piece.crossbar == kNowhere) continue;
    const std::size_t strip = *layer.axis == CutAxis::kCols ? piece.row_strip : piece.col_strip;
    CutBlock block = start.blocks[strips_[strip].front()];
    block.rows = piece.size.rows;
    block.cols = piece.size.cols;
    (*layer.axis == CutAxis::kCols ? block.matrix_col0 : block.matrix_row0) = filled[strip];
    filled[strip] += length_along(piece.size, *layer.axis);
    placed.push_back({.block = block, .piece = i});
  }
  // Layers that stay as they were keep their order.
  std::ranges::stable_sort(placed, [&](const Placed& a, const Placed& b) {
    if (a.block.layer != b.block.layer) return a.block.layer < b.block.layer;
    return layers_.at(a.block.layer).axis &&
           std::pair(a.block.matrix_row0, a.block.matrix_col0) < std::pair(b.block.matrix_row0, b.block.matrix_col0);
  });

  CutPacking result;
  std::map<std::size_t, std::size_t> index_of;  // of each piece, in the result
  for (const Placed& each : placed) {
    index_of[each.piece] = result.blocks.size();
    result.blocks.push_back(each.block);
  }
  result.packing.num_crossbars = static_cast<std::int64_t>(crossbars_.size());
  result.packing.placements.resize(result.blocks.size());
  place_contents(start, index_of, result.packing);
  return result;
}

void CutState::place_contents(const CutPacking& start, const std::map<std::size_t, std::size_t>& index_of,
                              Packing& packing) const {
  const SizeFit fit(rules_->crossbar_rows, rules_->crossbar_cols);
  for (std::size_t crossbar = 0; crossbar < crossbars_.size(); ++crossbar) {
    const std::vector<std::size_t>& contents = crossbars_[crossbar].pieces;
    std::vector<BlockSize> sizes;
    sizes.reserve(contents.size());
    for (const std::size_t piece : contents) sizes.push_back(pieces_[piece].size);
    const std::optional<std::vector<BlockCorner>> corners = fit.places(sizes);
    for (std::size_t i = 0; i < contents.size(); ++i) {
      BlockPlacement& place = packing.placements[index_of.at(contents[i])];
      // A crossbar that nothing touched may hold more than the search for places finds: as it was.
      if (corners) {
        place = {.row0 = (*corners)[i].row0, .col0 = (*corners)[i].col0};
      } else {
        place = start.packing.placements.at(contents[i]);
      }
      place.crossbar = static_cast<std::int64_t>(crossbar);
    }
  }
}

}  // namespace crossloom
