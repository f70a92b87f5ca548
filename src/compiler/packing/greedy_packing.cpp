#include "compiler/packing/greedy_packing.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

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
  GreedyPacker(const PackingProblem& problem, std::span<const std::size_t> order, const GreedyStrategy& strategy)
      : problem_(problem), order_(order), strategy_(strategy) {
    for (const PackingItem& item : problem.items) area_left_ += area_of(item);
  }

  std::optional<Packing> run() {
    packing_.placements.resize(problem_.items.size());
    // least_area_from[i] = the smallest block among the i-th and those after it
    std::vector<std::int64_t> least_area_from(order_.size() + 1, std::numeric_limits<std::int64_t>::max());
    for (std::size_t i = order_.size(); i-- > 0;)
      least_area_from[i] = std::min(least_area_from[i + 1], area_of(problem_.items[order_[i]]));
    std::size_t num_looks = 0;  // at all open crossbars, since full ones were closed
    for (std::size_t begin = 0; begin < order_.size();) {
      const std::size_t end = begin + run_length(order_.subspan(begin));
      place_run(order_.subspan(begin, end - begin));
      if (least_crossbars() >= strategy_.fewer_than) return std::nullopt;
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

  /// Those opened, and those that the blocks to come need beyond the free area of the open ones.
  [[nodiscard]] std::int64_t least_crossbars() const {
    const std::int64_t beyond = area_left_ - free_area_;
    return packing_.num_crossbars + (beyond > 0 ? ceil_div(beyond, problem_.crossbar_rows * problem_.crossbar_cols) : 0);
  }

  /// Takes those away that no block to come fits into.
  void close_full(std::int64_t least_area_to_come) {
    std::size_t num_kept = 0;
    for (std::size_t i = 0; i < open_.size(); ++i) {
      if (rooms_[i].area < least_area_to_come) {
        free_area_ -= open_[i].free.free_area();
        continue;
      }
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

  /// The places that the open crossbars offer a block, best first, into `found_`.
  void find_choices(const PackingItem& item, std::size_t num_wanted) {
    found_.clear();
    const std::int64_t area = area_of(item);
    for (std::size_t i = 0; i < open_.size(); ++i) {
      const Room& room = rooms_[i];
      if (room.area < area || room.rows < item.rows || room.cols < item.cols) continue;
      const OpenCrossbar& crossbar = open_[i];
      if (!allows(crossbar, item.layer)) continue;
      const std::optional<FitPlace> place = crossbar.free.best_place(item.rows, item.cols, strategy_.rule);
      if (!place) continue;
      found_.push_back({.open_index = i, .place = *place});
      if (strategy_.choice == CrossbarChoice::kFirstFit && found_.size() == num_wanted) return;
    }
    if (strategy_.choice == CrossbarChoice::kFirstFit) return;
    const auto is_better = [](const Choice& a, const Choice& b) {
      return a.place.score != b.place.score ? a.place.score < b.place.score : a.open_index < b.open_index;
    };
    const auto middle = found_.begin() + static_cast<std::ptrdiff_t>(std::min(num_wanted, found_.size()));
    std::partial_sort(found_.begin(), middle, found_.end(), is_better);
  }

  /// A crossbar that takes one block of the run is closed to the others and the rest do not change, so one look at the open
  /// crossbars gives the places of all, the same as block by block.
  void place_run(std::span<const std::size_t> run) {
    const PackingItem& item = problem_.items[run.front()];
    find_choices(item, run.size());
    for (std::size_t i = 0; i < run.size(); ++i) place(run[i], i < found_.size() ? found_[i] : open_crossbar());
  }

  [[nodiscard]] Choice open_crossbar() {
    open_.push_back(
        {.number = packing_.num_crossbars++, .free = FreeRectangles(problem_.crossbar_rows, problem_.crossbar_cols)});
    rooms_.emplace_back();
    free_area_ += problem_.crossbar_rows * problem_.crossbar_cols;
    return {.open_index = open_.size() - 1};
  }

  void place(std::size_t index, const Choice& choice) {
    const PackingItem& item = problem_.items[index];
    const FitPlace& at = choice.place;
    OpenCrossbar& crossbar = open_[choice.open_index];
    crossbar.free.take({.row0 = at.row0, .col0 = at.col0, .rows = item.rows, .cols = item.cols});
    crossbar.layers.insert(std::upper_bound(crossbar.layers.begin(), crossbar.layers.end(), item.layer), item.layer);
    rooms_[choice.open_index] = room_of(crossbar);
    area_left_ -= area_of(item);
    free_area_ -= area_of(item);
    packing_.placements[index] = {.crossbar = crossbar.number, .row0 = at.row0, .col0 = at.col0};
  }

  const PackingProblem& problem_;
  std::span<const std::size_t> order_;
  const GreedyStrategy& strategy_;
  Packing packing_;
  std::vector<OpenCrossbar> open_;  ///< crossbars that may still take a block, in order of opening
  std::vector<Room> rooms_;         ///< of each
  std::vector<Choice> found_;
  std::int64_t area_left_ = 0;  ///< of the blocks to come
  std::int64_t free_area_ = 0;  ///< of the open crossbars
};

}  // namespace

std::vector<std::size_t> items_in(PackingOrder order, const PackingProblem& problem) {
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

std::optional<Packing> pack_greedily(const PackingProblem& problem, std::span<const std::size_t> order,
                                     const GreedyStrategy& strategy) {
  return GreedyPacker(problem, order, strategy).run();
}

}  // namespace crossloom
