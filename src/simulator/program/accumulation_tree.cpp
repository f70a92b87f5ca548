#include "simulator/program/accumulation_tree.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <numeric>
#include <tuple>
#include <utility>

#include "simulator/hardware/chip_geometry.h"

namespace crossloom {
namespace {

/// Sorted ranges without overlap that cover the same values.
std::vector<OutputRange> merged(std::vector<OutputRange> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const OutputRange& a, const OutputRange& b) { return a.first < b.first; });
  std::vector<OutputRange> result;
  for (const OutputRange& range : ranges) {
    if (!result.empty() && range.first <= result.back().end) {
      result.back().end = std::max(result.back().end, range.end);
    } else {
      result.push_back(range);
    }
  }
  return result;
}

std::int64_t num_values(std::span<const OutputRange> ranges) {
  return std::accumulate(ranges.begin(), ranges.end(), std::int64_t{0},
                         [](std::int64_t sum, const OutputRange& range) { return sum + range.end - range.first; });
}

/// Of sorted ranges without overlap.
bool have_common_values(std::span<const OutputRange> a, std::span<const OutputRange> b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (std::max(a[i].first, b[j].first) < std::min(a[i].end, b[j].end)) return true;
    ++(a[i].end < b[j].end ? i : j);
  }
  return false;
}

class TreeBuilder {
 public:
  TreeBuilder(const ChipConfig& chip, std::int64_t home_tile, std::span<const TileSums> tiles)
      : chip_(chip), home_tile_(home_tile), tiles_(tiles), steps_(tiles.size()) {}

  std::vector<AccumulationStep> run() {
    for (std::size_t i = 0; i < tiles_.size(); ++i) {
      steps_[i].num_own_sums = steps_[i].num_sums = num_values(tiles_[i].outputs);
    }
    if (chip_.tile.accumulation == Accumulation::kTree) grow();
    return std::move(steps_);
  }

 private:
  [[nodiscard]] std::int64_t hops(std::int64_t from_tile, std::int64_t to_tile) const {
    const std::int64_t from = router_of_tile(chip_, from_tile);
    const std::int64_t to = router_of_tile(chip_, to_tile);
    return std::abs(from / chip_.noc.mesh_cols - to / chip_.noc.mesh_cols) +
           std::abs(from % chip_.noc.mesh_cols - to % chip_.noc.mesh_cols);
  }

  /// Every tile sends after all that send to it: those further away from home come first.
  void grow() {
    for (const TileSums& sums : tiles_) {
      distances_.push_back(hops(sums.tile, home_tile_));
      own_.push_back(merged(sums.outputs));
    }
    held_ = own_;
    std::vector<std::size_t> order(tiles_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [this](std::size_t a, std::size_t b) { return distances_[a] > distances_[b]; });
    std::vector<std::int64_t> num_terms(tiles_.size(), 0);  // sums that a tile adds up
    for (std::size_t i = 0; i < tiles_.size(); ++i) num_terms[i] = steps_[i].num_own_sums;
    for (const std::size_t i : order) {
      AccumulationStep& step = steps_[i];
      if (tiles_[i].tile == home_tile_) continue;
      step.num_sums = num_values(held_[i]);
      step.num_additions = num_terms[i] - step.num_sums;
      step.parent = parent_of(i);
      if (step.parent == AccumulationStep::kHome) continue;
      const auto parent = static_cast<std::size_t>(step.parent);
      ++steps_[parent].num_children;
      num_terms[parent] += step.num_sums;
      held_[parent].insert(held_[parent].end(), held_[i].begin(), held_[i].end());
      held_[parent] = merged(std::move(held_[parent]));
    }
  }

  [[nodiscard]] std::int64_t parent_of(std::size_t i) const {
    std::tuple nearest(distances_[i], std::int64_t{0}, std::int64_t{-1});
    std::int64_t parent = AccumulationStep::kHome;
    for (std::size_t other = 0; other < tiles_.size(); ++other) {
      if (distances_[other] >= distances_[i] || tiles_[other].tile == home_tile_) continue;
      const std::tuple candidate(hops(tiles_[i].tile, tiles_[other].tile), distances_[other], tiles_[other].tile);
      if (candidate >= nearest || !have_common_values(own_[i], own_[other])) continue;
      nearest = candidate;
      parent = static_cast<std::int64_t>(other);
    }
    return parent;
  }

  const ChipConfig& chip_;
  std::int64_t home_tile_;
  std::span<const TileSums> tiles_;
  std::vector<AccumulationStep> steps_;
  std::vector<std::int64_t> distances_;         ///< to the home tile
  std::vector<std::vector<OutputRange>> own_;   ///< output values of each tile's blocks
  std::vector<std::vector<OutputRange>> held_;  ///< and of those that send it theirs
};

}  // namespace

std::int64_t num_additions(std::span<const OutputRange> partial_sums) {
  return num_values(partial_sums) - num_values(merged({partial_sums.begin(), partial_sums.end()}));
}

std::vector<AccumulationStep> accumulation_steps(const ChipConfig& chip, std::int64_t home_tile,
                                                 std::span<const TileSums> tiles) {
  return TreeBuilder(chip, home_tile, tiles).run();
}

}  // namespace crossloom
