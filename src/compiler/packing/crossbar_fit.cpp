#include "compiler/packing/crossbar_fit.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "compiler/packing/free_rectangles.h"

namespace crossloom {
namespace {

constexpr std::int64_t kMaxNodes = 150;
/// Question memory: beyond it the answers are forgotten and found again.
constexpr std::size_t kMaxKnown = 2'000'000;
/// Class of all sizes beyond those that have one of their own.
constexpr char16_t kNotRemembered = 0xffff;

/// Columns of one height of the filled part.
struct Segment {
  std::int64_t col0 = 0;
  std::int64_t cols = 0;
  std::int64_t height = 0;
};

class SkylineSearch {
 public:
  SkylineSearch(std::span<const BlockSize> blocks, std::int64_t rows, std::int64_t cols, std::int64_t max_nodes)
      : blocks_(blocks), rows_(rows), num_nodes_left_(max_nodes), corners_(blocks.size()), order_(blocks.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::ranges::stable_sort(order_, [&](std::size_t a, std::size_t b) {
      return blocks[a].rows * blocks[a].cols > blocks[b].rows * blocks[b].cols;
    });
    skyline_.push_back({.col0 = 0, .cols = cols, .height = 0});
    free_area_ = rows * cols;
    for (const BlockSize& block : blocks) area_left_ += block.rows * block.cols;
    is_placed_.assign(blocks.size(), false);
  }

  [[nodiscard]] bool run() { return place_rest(blocks_.size()); }
  [[nodiscard]] const std::vector<BlockCorner>& corners() const { return corners_; }

 private:
  [[nodiscard]] bool place_rest(std::size_t num_left) {
    if (num_left == 0) return true;
    if (area_left_ > free_area_ || num_nodes_left_-- <= 0) return false;
    const std::size_t lowest = lowest_segment();
    const Segment segment = skyline_[lowest];
    const std::vector<Segment> before = skyline_;
    const std::int64_t free_before = free_area_;
    const BlockSize* last = nullptr;
    for (const std::size_t block : order_) {
      const BlockSize& size = blocks_[block];
      // Equal blocks stand side by side in the order: one of them is enough.
      if (is_placed_[block] || (last != nullptr && *last == size)) continue;
      if (size.cols > segment.cols || segment.height + size.rows > rows_) continue;
      last = &size;
      put(lowest, size);
      is_placed_[block] = true;
      area_left_ -= size.rows * size.cols;
      free_area_ -= size.rows * size.cols;
      corners_[block] = {.row0 = segment.height, .col0 = segment.col0};
      if (place_rest(num_left - 1)) return true;
      is_placed_[block] = false;
      area_left_ += size.rows * size.cols;
      free_area_ = free_before;
      skyline_ = before;
    }
    if (skyline_.size() == 1) return false;
    give_up(lowest);
    const bool found = place_rest(num_left);
    skyline_ = before;
    free_area_ = free_before;
    return found;
  }

  [[nodiscard]] std::size_t lowest_segment() const {
    std::size_t lowest = 0;
    for (std::size_t i = 1; i < skyline_.size(); ++i) {
      if (skyline_[i].height < skyline_[lowest].height) lowest = i;
    }
    return lowest;
  }

  /// A block at the left end of a segment.
  void put(std::size_t at, const BlockSize& size) {
    Segment& segment = skyline_[at];
    const Segment raised{.col0 = segment.col0, .cols = size.cols, .height = segment.height + size.rows};
    if (segment.cols == size.cols) {
      segment = raised;
    } else {
      segment.col0 += size.cols;
      segment.cols -= size.cols;
      skyline_.insert(skyline_.begin() + static_cast<std::ptrdiff_t>(at), raised);
    }
    join_equal_heights();
  }

  /// Raises a segment to its lower neighbour: what is below is lost.
  void give_up(std::size_t at) {
    std::int64_t height = rows_;
    if (at > 0) height = std::min(height, skyline_[at - 1].height);
    if (at + 1 < skyline_.size()) height = std::min(height, skyline_[at + 1].height);
    free_area_ -= (height - skyline_[at].height) * skyline_[at].cols;
    skyline_[at].height = height;
    join_equal_heights();
  }

  void join_equal_heights() {
    std::size_t kept = 0;
    for (std::size_t i = 1; i < skyline_.size(); ++i) {
      if (skyline_[i].height == skyline_[kept].height) {
        skyline_[kept].cols += skyline_[i].cols;
      } else {
        skyline_[++kept] = skyline_[i];
      }
    }
    skyline_.resize(kept + 1);
  }

  std::span<const BlockSize> blocks_;
  std::int64_t rows_;
  std::int64_t num_nodes_left_;
  std::vector<BlockCorner> corners_;
  std::vector<std::size_t> order_;  ///< largest first
  std::vector<bool> is_placed_;
  std::vector<Segment> skyline_;
  std::int64_t area_left_ = 0;
  std::int64_t free_area_ = 0;
};

/// Area with lengths below a threshold counted as nothing and those that leave less than it as all, as `size_lower_bound` does,
/// for the few thresholds that a handful of blocks has.
bool cannot_fit(std::span<const BlockSize> blocks, std::int64_t rows, std::int64_t cols) {
  const auto counted = [](std::int64_t length, std::int64_t extent, std::int64_t eps) {
    if (length < eps) return std::int64_t{0};
    return length > extent - eps ? extent : length;
  };
  const auto thresholds = [&](std::int64_t extent, std::int64_t BlockSize::*side) {
    std::vector<std::int64_t> found{1, extent / 2 + extent % 2};
    for (const BlockSize& block : blocks) {
      if (2 * (block.*side) <= extent) found.push_back(block.*side);
    }
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  };
  const std::vector<std::int64_t> across = thresholds(cols, &BlockSize::cols);
  for (const std::int64_t down : thresholds(rows, &BlockSize::rows)) {
    for (const std::int64_t over : across) {
      std::int64_t area = 0;
      for (const BlockSize& block : blocks) area += counted(block.rows, rows, down) * counted(block.cols, cols, over);
      if (area > rows * cols) return true;
    }
  }
  return false;
}

/// One after another into the best maximal rectangle, largest first: quick where there is room to spare.
std::optional<std::vector<BlockCorner>> fit_greedily(std::span<const BlockSize> blocks, std::int64_t rows, std::int64_t cols) {
  std::vector<std::size_t> order(blocks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(
      order, [&](std::size_t a, std::size_t b) { return blocks[a].rows * blocks[a].cols > blocks[b].rows * blocks[b].cols; });
  FreeRectangles free(rows, cols);
  std::vector<BlockCorner> corners(blocks.size());
  for (const std::size_t block : order) {
    const BlockSize& size = blocks[block];
    const std::optional<FitPlace> place = free.best_place(size.rows, size.cols, FitRule::kShortSide);
    if (!place) return std::nullopt;
    free.take({.row0 = place->row0, .col0 = place->col0, .rows = size.rows, .cols = size.cols});
    corners[block] = {.row0 = place->row0, .col0 = place->col0};
  }
  return corners;
}

std::vector<BlockSize> transposed(std::span<const BlockSize> blocks) {
  std::vector<BlockSize> result;
  for (const BlockSize& block : blocks) result.push_back({.rows = block.cols, .cols = block.rows});
  return result;
}

}  // namespace

std::optional<std::vector<BlockCorner>> fit_in_crossbar(std::span<const BlockSize> blocks, std::int64_t rows, std::int64_t cols,
                                                        std::int64_t max_nodes) {
  if (blocks.size() == 1) return std::vector<BlockCorner>(1);
  std::int64_t area = 0;
  for (const BlockSize& block : blocks) area += block.rows * block.cols;
  if (area > rows * cols) return std::nullopt;
  if (auto corners = fit_greedily(blocks, rows, cols)) return corners;
  if (cannot_fit(blocks, rows, cols)) return std::nullopt;
  SkylineSearch upwards(blocks, rows, cols, max_nodes);
  if (upwards.run()) return upwards.corners();
  const std::vector<BlockSize> turned = transposed(blocks);
  SkylineSearch sideways(turned, cols, rows, max_nodes);
  if (!sideways.run()) return std::nullopt;
  std::vector<BlockCorner> corners;
  for (const BlockCorner& corner : sideways.corners()) corners.push_back({.row0 = corner.col0, .col0 = corner.row0});
  return corners;
}

CrossbarFit::CrossbarFit(const PackingProblem& problem) : problem_(problem) {
  std::map<std::pair<std::int64_t, std::int64_t>, char16_t> classes;
  size_class_.reserve(problem.items.size());
  for (const PackingItem& item : problem.items) {
    const auto next = static_cast<char16_t>(std::min<std::size_t>(classes.size(), kNotRemembered));
    size_class_.push_back(classes.try_emplace({item.rows, item.cols}, next).first->second);
  }
}

bool CrossbarFit::fits(const std::vector<std::size_t>& items) {
  std::u16string key;
  for (const std::size_t item : items) key.push_back(size_class_[item]);
  std::ranges::sort(key);
  if (!key.empty() && key.back() == kNotRemembered) return places(items).has_value();
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  if (known_.size() >= kMaxKnown) known_.clear();
  const bool answer = places(items).has_value();
  known_.emplace(std::move(key), answer);
  return answer;
}

std::optional<std::vector<BlockCorner>> CrossbarFit::places(const std::vector<std::size_t>& items) const {
  // In the order of their classes, so that the answer is one for all blocks of the same sizes.
  std::vector<std::size_t> order(items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) {
    const PackingItem& item = problem_.items[items[i]];
    return std::tuple(size_class_[items[i]], item.rows, item.cols);
  };
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  std::vector<BlockSize> sizes;
  sizes.reserve(order.size());
  for (const std::size_t i : order)
    sizes.push_back({.rows = problem_.items[items[i]].rows, .cols = problem_.items[items[i]].cols});
  const auto sorted = fit_in_crossbar(sizes, problem_.crossbar_rows, problem_.crossbar_cols, kMaxNodes);
  if (!sorted) return std::nullopt;
  std::vector<BlockCorner> corners(items.size());
  for (std::size_t i = 0; i < order.size(); ++i) corners[order[i]] = (*sorted)[i];
  return corners;
}

bool SizeFit::fits(std::span<const BlockSize> sizes) {
  std::u32string key;
  for (const BlockSize& size : sizes) key.push_back(key_of(size));
  std::ranges::sort(key);
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  if (known_.size() >= kMaxKnown) known_.clear();
  const bool answer = places(sizes).has_value();
  known_.emplace(std::move(key), answer);
  return answer;
}

std::optional<std::vector<BlockCorner>> SizeFit::places(std::span<const BlockSize> sizes) const {
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return key_of(sizes[a]) < key_of(sizes[b]); });
  std::vector<BlockSize> sorted;
  sorted.reserve(order.size());
  for (const std::size_t i : order) sorted.push_back(sizes[i]);
  const auto found = fit_in_crossbar(sorted, rows_, cols_, kMaxNodes);
  if (!found) return std::nullopt;
  std::vector<BlockCorner> corners(sizes.size());
  for (std::size_t i = 0; i < order.size(); ++i) corners[order[i]] = (*found)[i];
  return corners;
}

}  // namespace crossloom
