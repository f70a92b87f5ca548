#include "compiler/duplication/budget_ledger.h"

#include <algorithm>
#include <numeric>

#include "support/integer_math.h"

namespace crossloom {

BudgetLedger::BudgetLedger(const DuplicationProblem& problem)
    : problem_(problem), num_layer_blocks_(problem.layers.size(), 0), taken_(problem.size_measures.size(), 0) {
  for (std::size_t layer = 0; layer < problem.layers.size(); ++layer) add_copies(layer, 1);
}

void BudgetLedger::add_copies(std::size_t layer, std::int64_t num_more) {
  least_crossbars_ = crossbars_with(layer, num_more);
  const LayerWork& work = problem_.layers[layer];
  const std::int64_t num_weights = checked_mul(work.num_weights, num_more, "the number of weights of all copies");
  num_weights_ = checked_add(num_weights_, num_weights, "the number of weights of all copies");
  num_blocks_ += work.num_blocks * num_more;
  num_layer_blocks_[layer] += work.num_blocks * num_more;
  for (std::size_t i = 0; i < taken_.size(); ++i) taken_[i] += problem_.size_measures[i].layers[layer] * num_more;
}

/// Fewest crossbars with more copies of the layer. No limit falls as copies are added, so the largest so far holds on.
std::int64_t BudgetLedger::crossbars_with(std::size_t layer, std::int64_t num_more) const {
  const LayerWork& work = problem_.layers[layer];
  std::int64_t least =
      std::max(least_crossbars_, ceil_div(num_weights_ + work.num_weights * num_more, problem_.crossbar_weights));
  if (problem_.max_blocks_per_crossbar != 0)
    least = std::max(least, ceil_div(num_blocks_ + work.num_blocks * num_more, problem_.max_blocks_per_crossbar));
  for (std::size_t i = 0; i < taken_.size(); ++i) {
    const SizeMeasure& measure = problem_.size_measures[i];
    const std::int64_t taken = taken_[i] + measure.layers[layer] * num_more;
    if (taken > least * measure.capacity) least = ceil_div(taken, measure.capacity);
  }
  return std::max(least, crossbars_apart_with(layer, num_more));
}

/// Blocks of conflict_distance + 1 neighbouring layers conflict pairwise, so each needs a crossbar of its own.
std::int64_t BudgetLedger::crossbars_apart_with(std::size_t layer, std::int64_t num_more) const {
  if (problem_.conflict_distance < 0) return 0;
  const auto num_layers = static_cast<std::int64_t>(num_layer_blocks_.size());
  const auto index = static_cast<std::int64_t>(layer);
  const std::int64_t distance = std::min(problem_.conflict_distance, num_layers - 1);
  const std::int64_t num_new = problem_.layers[layer].num_blocks * num_more;
  std::int64_t most = 0;
  for (std::int64_t first = std::max<std::int64_t>(0, index - distance); first <= index; ++first) {
    const auto begin = num_layer_blocks_.begin() + first;
    const auto end = num_layer_blocks_.begin() + std::min(first + distance + 1, num_layers);
    most = std::max(most, std::accumulate(begin, end, num_new));
  }
  return most;
}

double crossbars_a_copy(const DuplicationProblem& problem, std::size_t layer) {
  const LayerWork& work = problem.layers[layer];
  double share = static_cast<double>(work.num_weights) / static_cast<double>(problem.crossbar_weights);
  if (problem.max_blocks_per_crossbar != 0)
    share = std::max(share, static_cast<double>(work.num_blocks) / static_cast<double>(problem.max_blocks_per_crossbar));
  for (const SizeMeasure& measure : problem.size_measures)
    share = std::max(share, static_cast<double>(measure.layers[layer]) / static_cast<double>(measure.capacity));
  return share;
}

std::int64_t least_crossbars_of(const DuplicationProblem& problem, std::span<const std::int64_t> copies) {
  BudgetLedger ledger(problem);
  for (std::size_t layer = 0; layer < copies.size(); ++layer) {
    if (copies[layer] > 1) ledger.add_copies(layer, copies[layer] - 1);
  }
  return ledger.least_crossbars();
}

}  // namespace crossloom
