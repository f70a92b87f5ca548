#include "compiler/packing/greedy_packing.h"

#include <algorithm>
#include <utility>

#include "support/integer_math.h"

namespace crossloom {

namespace {

/// Closing full crossbars looks at all: rarely enough that it costs little, often enough that few of them are in the way.
constexpr std::size_t kLooksBeforeClosing = 16;

std::int64_t area_of(const PackingItem& item) { return item.rows * item.cols; }

std::pair<std::int64_t, std::int64_t> sort_key(const PackingItem& item, PackingOrder order) {
  const std::int64_t long_side = std::max(item.rows, item.cols);
  switch (order) {
    case PackingOrder::kArea:
      return {area_of(item), long_side};
    case PackingOrder::kLongSide:
      return {long_side, area_of(item)};
    case PackingOrder::kRows:
      return {item.rows, item.cols};
    case PackingOrder::kCols:
      return {item.cols, item.rows};
  }
  return {0, 0};
}

std::vector<std::size_t> sorted_items(const PackingProblem& problem, PackingOrder order) {
  // Neighbours with equal keys stay neighbours, so runs of them are sorted: blocks of one layer are mostly alike.
  struct Run {
    std::pair<std::int64_t, std::int64_t> key;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  std::vector<Run> runs;
  for (std::size_t i = 0; i < problem.items.size(); ++i) {
    const auto key = sort_key(problem.items[i], order);
    if (runs.empty() || runs.back().key != key) runs.push_back({.key = key, .begin = i, .end = i});
    ++runs.back().end;
  }
  std::ranges::sort(runs, [](const Run& a, const Run& b) { return a.key != b.key ? a.key > b.key : a.begin < b.begin; });
  std::vector<std::size_t> indices;
  indices.reserve(problem.items.size());
  for (const Run& run : runs) {
    for (std::size_t i = run.begin; i < run.end; ++i) indices.push_back(i);
  }
  return indices;
}

}  // namespace

std::optional<Packing> GreedyPacker::pack(const GreedyStrategy& strategy) {
  clear();
  const std::span<const std::size_t> order = items_in(strategy.order);
  // least_area_from[i] = the smallest block among the i-th and those after it
  std::vector<std::int64_t> least_area_from(order.size() + 1, std::numeric_limits<std::int64_t>::max());
  for (std::size_t i = order.size(); i-- > 0;)
    least_area_from[i] = std::min(least_area_from[i + 1], area_of(problem_.items[order[i]]));
  std::size_t num_looks = 0;  // at all open crossbars, since full ones were closed
  for (std::size_t begin = 0; begin < order.size();) {
    const std::size_t end = begin + run_length(order.subspan(begin));
    place_run(order.subspan(begin, end - begin), strategy);
    if (least_crossbars() >= strategy.fewer_than) return std::nullopt;
    if (++num_looks == kLooksBeforeClosing) {
      close_full(least_area_from[end]);
      num_looks = 0;
    }
    begin = end;
  }
  return std::move(packing_);
}

std::span<const std::size_t> GreedyPacker::items_in(PackingOrder order) {
  std::vector<std::size_t>& items = orders_.at(static_cast<std::size_t>(order));
  if (items.empty()) items = sorted_items(problem_, order);
  return items;
}

void GreedyPacker::clear() {
  packing_.num_crossbars = 0;
  packing_.placements.assign(problem_.items.size(), {});
  open_.clear();
  free_area_ = 0;
  area_left_ = 0;
  for (const PackingItem& item : problem_.items) area_left_ += area_of(item);
}

bool GreedyPacker::allows(const Crossbar& crossbar, std::int64_t layer) const {
  if (problem_.conflict_distance < 0) return true;
  // The nearest layers on either side decide.
  const auto above = std::ranges::lower_bound(crossbar.layers, layer);
  if (above != crossbar.layers.end() && *above - layer <= problem_.conflict_distance) return false;
  return above == crossbar.layers.begin() || layer - *(above - 1) > problem_.conflict_distance;
}

/// Those opened, and those that the blocks to come need beyond the free area of the open ones.
std::int64_t GreedyPacker::least_crossbars() const {
  const std::int64_t beyond = area_left_ - free_area_;
  return packing_.num_crossbars + (beyond > 0 ? ceil_div(beyond, problem_.crossbar_rows * problem_.crossbar_cols) : 0);
}

/// Blocks at the front of `order` that are equal and may not share a crossbar, such as the same block of each copy of a layer.
std::size_t GreedyPacker::run_length(std::span<const std::size_t> order) const {
  if (problem_.conflict_distance < 0) return 1;
  const PackingItem& first = problem_.items[order.front()];
  const auto end = std::ranges::find_if(order, [&](std::size_t index) { return problem_.items[index] != first; });
  return static_cast<std::size_t>(end - order.begin());
}

/// Without any room under the cap of blocks.
GreedyPacker::OpenCrossbar GreedyPacker::as_open(std::size_t number) const {
  const Crossbar& crossbar = crossbars_[number];
  OpenCrossbar open{.number = number};
  if (static_cast<std::int64_t>(crossbar.layers.size()) == problem_.max_blocks_per_crossbar) return open;
  open.free_area = crossbar.free.free_area();
  for (const PackingRectangle& free : crossbar.free.rectangles()) {
    open.rows = std::max(open.rows, free.rows);
    open.cols = std::max(open.cols, free.cols);
  }
  return open;
}

/// Takes those away that no block to come fits into.
void GreedyPacker::close_full(std::int64_t least_area_to_come) {
  std::erase_if(open_, [&](const OpenCrossbar& open) {
    if (open.free_area >= least_area_to_come) return false;
    free_area_ -= open.free_area;
    return true;
  });
}

/// The places that the open crossbars offer a block, best first, into `found_`.
void GreedyPacker::find_choices(const PackingItem& item, std::size_t num_wanted, const GreedyStrategy& strategy) {
  found_.clear();
  const std::int64_t area = area_of(item);
  for (std::size_t i = 0; i < open_.size(); ++i) {
    const OpenCrossbar& open = open_[i];
    if (open.free_area < area || open.rows < item.rows || open.cols < item.cols) continue;
    const Crossbar& crossbar = crossbars_[open.number];
    if (!allows(crossbar, item.layer)) continue;
    const std::optional<FitPlace> place = crossbar.free.best_place(item.rows, item.cols, strategy.rule);
    if (!place) continue;
    found_.push_back({.open_index = i, .place = *place});
    if (strategy.choice == CrossbarChoice::kFirstFit && found_.size() == num_wanted) return;
  }
  if (strategy.choice == CrossbarChoice::kFirstFit) return;
  const auto is_better = [](const Choice& a, const Choice& b) {
    return a.place.score != b.place.score ? a.place.score < b.place.score : a.open_index < b.open_index;
  };
  const auto middle = found_.begin() + static_cast<std::ptrdiff_t>(std::min(num_wanted, found_.size()));
  std::partial_sort(found_.begin(), middle, found_.end(), is_better);
}

/// A crossbar that takes one block of the run is closed to the others and the rest do not change, so one look at the open
/// crossbars gives the places of all, the same as block by block.
void GreedyPacker::place_run(std::span<const std::size_t> run, const GreedyStrategy& strategy) {
  find_choices(problem_.items[run.front()], run.size(), strategy);
  for (std::size_t i = 0; i < run.size(); ++i) {
    if (i < found_.size()) {
      place(run[i], found_[i]);
    } else {
      place_on_new(run[i]);
    }
  }
}

void GreedyPacker::place(std::size_t index, const Choice& choice) {
  OpenCrossbar& open = open_[choice.open_index];
  free_area_ -= open.free_area;
  put(index, open.number, choice.place.row0, choice.place.col0);
  open = as_open(open.number);
  free_area_ += open.free_area;
}

void GreedyPacker::place_on_new(std::size_t index) {
  const auto number = static_cast<std::size_t>(packing_.num_crossbars++);
  if (number == crossbars_.size()) {
    crossbars_.push_back({.free = FreeRectangles(problem_.crossbar_rows, problem_.crossbar_cols)});
  } else {
    crossbars_[number].free.clear(problem_.crossbar_rows, problem_.crossbar_cols);
    crossbars_[number].layers.clear();
  }
  put(index, number, 0, 0);
  const OpenCrossbar open = as_open(number);
  if (open.free_area == 0) return;
  open_.push_back(open);
  free_area_ += open.free_area;
}

void GreedyPacker::put(std::size_t index, std::size_t number, std::int64_t row0, std::int64_t col0) {
  const PackingItem& item = problem_.items[index];
  Crossbar& crossbar = crossbars_[number];
  crossbar.free.take({.row0 = row0, .col0 = col0, .rows = item.rows, .cols = item.cols});
  crossbar.layers.insert(std::ranges::upper_bound(crossbar.layers, item.layer), item.layer);
  packing_.placements[index] = {.crossbar = static_cast<std::int64_t>(number), .row0 = row0, .col0 = col0};
  area_left_ -= area_of(item);
}

}  // namespace crossloom
