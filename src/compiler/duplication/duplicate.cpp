#include "compiler/duplication/duplicate.h"

#include <algorithm>
#include <numeric>
#include <queue>

#include "support/integer_math.h"

namespace crossloom {
namespace {

/// What the chosen copies take of the budget, by limits that no packing can escape.
class BudgetLedger {
 public:
  explicit BudgetLedger(const DuplicationProblem& problem)
      : problem_(problem), num_layer_blocks_(problem.layers.size(), 0), taken_(problem.size_measures.size(), 0) {
    for (std::size_t layer = 0; layer < problem.layers.size(); ++layer) add_copy(layer);
  }

  [[nodiscard]] bool has_room(std::size_t layer) const { return crossbars_with(layer) <= problem_.num_crossbars; }
  [[nodiscard]] std::int64_t least_crossbars() const { return least_crossbars_; }

  void add_copy(std::size_t layer) {
    least_crossbars_ = crossbars_with(layer);
    const LayerWork& work = problem_.layers[layer];
    num_weights_ = checked_add(num_weights_, work.num_weights, "the number of weights of all copies");
    num_blocks_ += work.num_blocks;
    num_layer_blocks_[layer] += work.num_blocks;
    for (std::size_t i = 0; i < taken_.size(); ++i) taken_[i] += problem_.size_measures[i].layers[layer];
  }

 private:
  /// Fewest crossbars with one more copy of the layer. No limit falls as copies are added, so the largest so far holds on.
  [[nodiscard]] std::int64_t crossbars_with(std::size_t layer) const {
    const LayerWork& work = problem_.layers[layer];
    std::int64_t least = std::max(least_crossbars_, ceil_div(num_weights_ + work.num_weights, problem_.crossbar_weights));
    if (problem_.max_blocks_per_crossbar != 0)
      least = std::max(least, ceil_div(num_blocks_ + work.num_blocks, problem_.max_blocks_per_crossbar));
    for (std::size_t i = 0; i < taken_.size(); ++i) {
      const SizeMeasure& measure = problem_.size_measures[i];
      const std::int64_t taken = taken_[i] + measure.layers[layer];
      if (taken > least * measure.capacity) least = ceil_div(taken, measure.capacity);
    }
    return std::max(least, crossbars_apart_with(layer));
  }

  /// Blocks of conflict_distance + 1 neighbouring layers conflict pairwise, so each needs a crossbar of its own.
  [[nodiscard]] std::int64_t crossbars_apart_with(std::size_t layer) const {
    if (problem_.conflict_distance < 0) return 0;
    const auto num_layers = static_cast<std::int64_t>(num_layer_blocks_.size());
    const auto index = static_cast<std::int64_t>(layer);
    const std::int64_t distance = std::min(problem_.conflict_distance, num_layers - 1);
    std::int64_t most = 0;
    for (std::int64_t first = std::max<std::int64_t>(0, index - distance); first <= index; ++first) {
      const auto begin = num_layer_blocks_.begin() + first;
      const auto end = num_layer_blocks_.begin() + std::min(first + distance + 1, num_layers);
      most = std::max(most, std::accumulate(begin, end, problem_.layers[layer].num_blocks));
    }
    return most;
  }

  const DuplicationProblem& problem_;
  std::int64_t num_weights_ = 0;
  std::int64_t num_blocks_ = 0;
  std::vector<std::int64_t> num_layer_blocks_;
  std::vector<std::int64_t> taken_;  ///< by each size measure
  std::int64_t least_crossbars_ = 0;
};

/// A layer in the queue of bottlenecks: the largest interval first, the first layer of equals.
struct Candidate {
  TimeFs interval_fs = 0;
  std::size_t layer = 0;
  [[nodiscard]] bool operator<(const Candidate& other) const {
    return interval_fs != other.interval_fs ? interval_fs < other.interval_fs : layer > other.layer;
  }
};

}  // namespace

TimeFs layer_interval_fs(const LayerWork& work, std::int64_t copies) {
  return checked_mul(ceil_div(work.num_windows, copies), work.window_fs, "the time an image takes on a layer");
}

DuplicationPath duplicate(const DuplicationProblem& problem) {
  std::vector<std::int64_t> copies(problem.layers.size(), 1);
  BudgetLedger ledger(problem);
  std::priority_queue<Candidate> bottlenecks;
  for (std::size_t layer = 0; layer < problem.layers.size(); ++layer)
    bottlenecks.push({.interval_fs = layer_interval_fs(problem.layers[layer], 1), .layer = layer});

  DuplicationPath path{.start_crossbars = ledger.least_crossbars()};
  while (!bottlenecks.empty()) {
    const auto [interval_fs, layer] = bottlenecks.top();
    const LayerWork& work = problem.layers[layer];
    if (interval_fs <= problem.floor_interval_fs || copies[layer] >= work.num_windows || !ledger.has_room(layer)) break;
    bottlenecks.pop();
    ledger.add_copy(layer);
    ++copies[layer];
    path.steps.push_back(static_cast<std::int64_t>(layer));
    bottlenecks.push({.interval_fs = layer_interval_fs(work, copies[layer]), .layer = layer});
    if (bottlenecks.top().interval_fs >= interval_fs) continue;
    path.improvements.push_back(path.steps.size());
    path.least_crossbars.push_back(ledger.least_crossbars());
  }
  return path;
}

std::vector<std::int64_t> copies_after(const DuplicationPath& path, std::size_t num_steps, std::size_t num_layers) {
  std::vector<std::int64_t> copies(num_layers, 1);
  for (std::size_t step = 0; step < num_steps; ++step) ++copies.at(static_cast<std::size_t>(path.steps.at(step)));
  return copies;
}

}  // namespace crossloom
