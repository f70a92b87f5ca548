#include "compiler/packing/greedy_packing.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace crossloom {

namespace {

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
  std::vector<std::size_t> indices(problem.items.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  std::stable_sort(indices.begin(), indices.end(), [&](std::size_t a, std::size_t b) {
    return sort_key(problem.items[a], order) > sort_key(problem.items[b], order);
  });
  return indices;
}

struct OpenCrossbar {
  std::int64_t number = 0;
  FreeRectangles free;
  std::vector<std::int64_t> layers = {};  ///< ascending
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
    for (std::size_t begin = 0; begin < order.size();) {
      const std::size_t end = begin + run_length(std::span(order).subspan(begin));
      place_run(std::span(order).subspan(begin, end - begin));
      std::erase_if(open_, [&](const OpenCrossbar& crossbar) { return is_full(crossbar, least_area_from[end]); });
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

  [[nodiscard]] bool is_full(const OpenCrossbar& crossbar, std::int64_t least_area_to_come) const {
    return crossbar.free.free_area() < least_area_to_come ||
           static_cast<std::int64_t>(crossbar.layers.size()) == problem_.max_blocks_per_crossbar;
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
    for (std::size_t i = 0; i < open_.size(); ++i) {
      const OpenCrossbar& crossbar = open_[i];
      if (crossbar.free.free_area() < area_of(item) || !allows(crossbar, item.layer)) continue;
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
    return {.open_index = open_.size() - 1};
  }

  void place(std::size_t index, const Choice& choice) {
    const PackingItem& item = problem_.items[index];
    const FitPlace& at = choice.place;
    OpenCrossbar& crossbar = open_[choice.open_index];
    crossbar.free.take({.row0 = at.row0, .col0 = at.col0, .rows = item.rows, .cols = item.cols});
    crossbar.layers.insert(std::upper_bound(crossbar.layers.begin(), crossbar.layers.end(), item.layer), item.layer);
    packing_.placements[index] = {.crossbar = crossbar.number, .row0 = at.row0, .col0 = at.col0};
  }

  const PackingProblem& problem_;
  const GreedyStrategy& strategy_;
  Packing packing_;
  std::vector<OpenCrossbar> open_;  ///< crossbars that can still take a block, in order of opening
};

}  // namespace

Packing pack_greedily(const PackingProblem& problem, const GreedyStrategy& strategy) {
  return GreedyPacker(problem, strategy).run();
}

}  // namespace crossloom
