#include "compiler/packing/greedy_packing.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

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
  struct Keyed {
    std::pair<std::int64_t, std::int64_t> key;
    std::size_t index = 0;
  };
  std::vector<Keyed> keyed;
  keyed.reserve(problem.items.size());
  for (std::size_t i = 0; i < problem.items.size(); ++i)
    keyed.push_back({.key = sort_key(problem.items[i], order), .index = i});
  std::ranges::sort(keyed, [](const Keyed& a, const Keyed& b) { return a.key != b.key ? a.key > b.key : a.index < b.index; });
  std::vector<std::size_t> indices;
  indices.reserve(keyed.size());
  for (const Keyed& each : keyed) indices.push_back(each.index);
  return indices;
}

struct OpenCrossbar {
  std::int64_t number = 0;
  FreeRectangles free;
  std::vector<std::int64_t> layers = {};  ///< ascending
};

/// What most blocks can be refused by, side by side for all open crossbars.
struct Room {
  std::int64_t area = 0;
  std::int64_t rows = 0;  ///< of the highest free rectangle
  std::int64_t cols = 0;  ///< of the widest one
};

class GreedyPacker {
 public:
  GreedyPacker(const PackingProblem& problem, const GreedyStrategy& strategy) : problem_(problem), strategy_(strategy) {}

  Packing run() {
    packing_.placements.resize(problem_.items.size());
    const std::vector<std::size_t> order = sorted_items(problem_, strategy_.order);
    // least_area_from[i] = the smallest block among the i-th and those after it
    std::vector<std::int64_t> least_area_from(order.size() + 1, std::numeric_limits<std::int64_t>::max());
    for (std::size_t i = order.size(); i-- > 0;) {
      least_area_from[i] = std::min(least_area_from[i + 1], area_of(problem_.items[order[i]]));
    }
    std::size_t num_looks = 0;  // at all open crossbars, since full ones were closed
    for (std::size_t begin = 0; begin < order.size();) {
      const std::size_t end = begin + run_length(std::span(order).subspan(begin));
      place_run(std::span(order).subspan(begin, end - begin));
      if (++num_looks == kLooksBeforeClosing) {
        close_full(least_area_from[end]);
        num_looks = 0;
      }
      begin = end;
    }
    return std::move(packing_);
  }

 private:
  struct Choice {
    std::size_t open_index = 0;
    FitPlace place = {};
  };

  [[nodiscard]] bool allows(const OpenCrossbar& crossbar, std::int64_t layer) const {
    if (problem_.conflict_distance < 0) return true;
    // The nearest layers on either side decide.
    const auto above = std::lower_bound(crossbar.layers.begin(), crossbar.layers.end(), layer);
    if (above != crossbar.layers.end() && *above - layer <= problem_.conflict_distance) return false;
    return above == crossbar.layers.begin() || layer - *(above - 1) > problem_.conflict_distance;
  }

  /// Takes those away that no block to come fits into.
  void close_full(std::int64_t least_area_to_come) {
    std::size_t num_kept = 0;
    for (std::size_t i = 0; i < open_.size(); ++i) {
      if (rooms_[i].area < least_area_to_come) continue;
      if (num_kept != i) {
        open_[num_kept] = std::move(open_[i]);
        rooms_[num_kept] = rooms_[i];
      }
      ++num_kept;
    }
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(num_kept), open_.end());
    rooms_.resize(num_kept);
  }

  /// Of a crossbar as it is; none under the cap of blocks.
  [[nodiscard]] Room room_of(const OpenCrossbar& crossbar) const {
    if (static_cast<std::int64_t>(crossbar.layers.size()) == problem_.max_blocks_per_crossbar) return {};
    Room room{.area = crossbar.free.free_area()};
    for (const PackingRectangle& free : crossbar.free.rectangles()) {
      room.rows = std::max(room.rows, free.rows);
      room.cols = std::max(room.cols, free.cols);
    }
    return room;
  }

  /// Blocks at the front of `order` that are equal and may not share a crossbar, such as the same block of each copy of a
  /// layer.
  [[nodiscard]] std::size_t run_length(std::span<const std::size_t> order) const {
    if (problem_.conflict_distance < 0) return 1;
    const PackingItem& first = problem_.items[order.front()];
    const auto end = std::ranges::find_if(order, [&](std::size_t index) { return problem_.items[index] != first; });
    return static_cast<std::size_t>(end - order.begin());
  }

  /// The places that the open crossbars offer a block, best first.
  [[nodiscard]] std::vector<Choice> choices(const PackingItem& item, std::size_t num_wanted) const {
    std::vector<Choice> found;
    const std::int64_t area = area_of(item);
    for (std::size_t i = 0; i < open_.size(); ++i) {
      const Room& room = rooms_[i];
      if (room.area < area || room.rows < item.rows || room.cols < item.cols) continue;
      const OpenCrossbar& crossbar = open_[i];
      if (!allows(crossbar, item.layer)) continue;
      const std::optional<FitPlace> place = crossbar.free.best_place(item.rows, item.cols, strategy_.rule);
      if (!place) continue;
      found.push_back({.open_index = i, .place = *place});
      if (strategy_.choice == CrossbarChoice::kFirstFit && found.size() == num_wanted) return found;
    }
    if (strategy_.choice == CrossbarChoice::kBestFit) {
      const auto is_better = [](const Choice& a, const Choice& b) {
        return a.place.score != b.place.score ? a.place.score < b.place.score : a.open_index < b.open_index;
      };
      const auto middle = found.begin() + static_cast<std::ptrdiff_t>(std::min(num_wanted, found.size()));
      std::partial_sort(found.begin(), middle, found.end(), is_better);
    }
    return found;
  }

  /// A crossbar that takes one block of the run is closed to the others and the rest do not change, so one look at the open
  /// crossbars gives the places of all, the same as block by block.
  void place_run(std::span<const std::size_t> run) {
    const PackingItem& item = problem_.items[run.front()];
    const std::vector<Choice> found = choices(item, run.size());
    for (std::size_t i = 0; i < run.size(); ++i) place(run[i], i < found.size() ? found[i] : open_crossbar());
  }

  [[nodiscard]] Choice open_crossbar() {
    open_.push_back(
        {.number = packing_.num_crossbars++, .free = FreeRectangles(problem_.crossbar_rows, problem_.crossbar_cols)});
    rooms_.emplace_back();
    return {.open_index = open_.size() - 1};
  }

  void place(std::size_t index, const Choice& choice) {
    const PackingItem& item = problem_.items[index];
    const FitPlace& at = choice.place;
    OpenCrossbar& crossbar = open_[choice.open_index];
    crossbar.free.take({.row0 = at.row0, .col0 = at.col0, .rows = item.rows, .cols = item.cols});
    crossbar.layers.insert(std::upper_bound(crossbar.layers.begin(), crossbar.layers.end(), item.layer), item.layer);
    rooms_[choice.open_index] = room_of(crossbar);
    packing_.placements[index] = {.crossbar = crossbar.number, .row0 = at.row0, .col0 = at.col0};
  }

  const PackingProblem& problem_;
  const GreedyStrategy& strategy_;
  Packing packing_;
  std::vector<OpenCrossbar> open_;  ///< crossbars that may still take a block, in order of opening
  std::vector<Room> rooms_;         ///< of each
};

}  // namespace

Packing pack_greedily(const PackingProblem& problem, const GreedyStrategy& strategy) {
  return GreedyPacker(problem, strategy).run();
}

}  // namespace crossloom
