#include "compiler/duplication/duplicate.h"

#include <algorithm>
#include <optional>
#include <queue>

#include "compiler/duplication/budget_ledger.h"
#include "compiler/duplication/copies_bound.h"
#include "compiler/duplication/copy_cost.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

/// Nodes of the complete search of small problems.
constexpr std::int64_t kMaxNodes = 2000;

/// A layer in the queue of bottlenecks: the largest interval first, the first layer of equals.
struct Candidate {
  TimeFs interval_fs = 0;
  std::size_t layer = 0;
  [[nodiscard]] bool operator<(const Candidate& other) const {
    return interval_fs != other.interval_fs ? interval_fs < other.interval_fs : layer > other.layer;
  }
};

DuplicationPath threshold_path(const DuplicationProblem& problem, TimeFs floor_interval_fs) {
  std::vector<std::int64_t> copies(problem.layers.size(), 1);
  BudgetLedger ledger(problem);
  std::priority_queue<Candidate> bottlenecks;
  for (std::size_t layer = 0; layer < problem.layers.size(); ++layer)
    bottlenecks.push({.interval_fs = layer_interval_fs(problem.layers[layer], 1), .layer = layer});

  DuplicationPath path{.start_crossbars = ledger.least_crossbars()};
  while (!bottlenecks.empty()) {
    const auto [interval_fs, layer] = bottlenecks.top();
    const LayerWork& work = problem.layers[layer];
    if (interval_fs <= floor_interval_fs || copies[layer] >= work.num_windows || !ledger.has_room(layer, 1)) break;
    bottlenecks.pop();
    ledger.add_copies(layer, 1);
    ++copies[layer];
    path.steps.push_back(static_cast<std::int64_t>(layer));
    bottlenecks.push({.interval_fs = layer_interval_fs(work, copies[layer]), .layer = layer});
    if (bottlenecks.top().interval_fs >= interval_fs) continue;
    path.improvements.push_back(path.steps.size());
    path.least_crossbars.push_back(ledger.least_crossbars());
  }
  return path;
}

/// Copies that a layer takes at once.
struct MarginalStep {
  std::size_t layer = 0;
  std::int64_t num_more = 0;
  double saved_a_crossbar = 0.0;
};

/// The layer that saves most for what it takes of crossbars; nothing when none saves time and has room.
std::optional<MarginalStep> best_step(const DuplicationProblem& problem, const BudgetLedger& ledger,
                                      const std::vector<std::int64_t>& copies, const std::vector<double>& rates,
                                      const std::vector<double>& shares) {
  std::optional<MarginalStep> best;
  for (std::size_t layer = 0; layer < copies.size(); ++layer) {
    const LayerWork& work = problem.layers[layer];
    if (rates[layer] <= 0.0 || copies[layer] >= work.num_windows) continue;
    const std::int64_t num_more = next_shorter(work, copies[layer]) - copies[layer];
    const TimeFs saved = layer_interval_fs(work, copies[layer]) - layer_interval_fs(work, copies[layer] + num_more);
    const double saved_a_crossbar = rates[layer] * static_cast<double>(saved) / (shares[layer] * static_cast<double>(num_more));
    if ((best && saved_a_crossbar <= best->saved_a_crossbar) || !ledger.has_room(layer, num_more)) continue;
    best = {.layer = layer, .num_more = num_more, .saved_a_crossbar = saved_a_crossbar};
  }
  return best;
}

/// No copies have a shorter longest interval, whatever the floor.
TimeFs shortest_interval_fs(const DuplicationProblem& problem) {
  const DuplicationPath path = threshold_path(problem, 0);
  const std::vector<std::int64_t> copies = copies_after(path, path.steps.size(), problem.layers.size());
  TimeFs longest = 0;
  for (std::size_t layer = 0; layer < copies.size(); ++layer)
    longest = std::max(longest, layer_interval_fs(problem.layers[layer], copies[layer]));
  return longest;
}

DuplicationPath marginal_path(const DuplicationProblem& problem, const CopyCost& cost) {
  std::vector<std::int64_t> copies(problem.layers.size(), 1);
  BudgetLedger ledger(problem);
  DuplicationPath path{.start_crossbars = ledger.least_crossbars()};
  std::vector<double> shares;
  for (std::size_t layer = 0; layer < copies.size(); ++layer) shares.push_back(crossbars_a_copy(problem, layer));
  std::vector<std::int64_t> cheapest = copies;
  double least = cost.value(copies, ledger.least_crossbars());
  while (const std::optional<MarginalStep> step = best_step(problem, ledger, copies, cost.rates(copies), shares)) {
    ledger.add_copies(step->layer, step->num_more);
    copies[step->layer] += step->num_more;
    path.steps.insert(path.steps.end(), static_cast<std::size_t>(step->num_more), static_cast<std::int64_t>(step->layer));
    const double value = cost.value(copies, ledger.least_crossbars());
    if (value >= least) continue;
    least = value;
    cheapest = copies;
    path.improvements.push_back(path.steps.size());
    path.least_crossbars.push_back(ledger.least_crossbars());
  }
  const std::optional<CheapestCopies> proven = cheapest_copies(problem, cost, least, kMaxNodes);
  if (proven) {
    path.bound = proven->value;
  } else {
    const double by_threshold = cost.interval_rate() * static_cast<double>(shortest_interval_fs(problem)) +
                                cost.crossbar_rate() * static_cast<double>(path.start_crossbars);
    path.bound = std::min(std::max(copies_bound(problem, cost, cheapest), by_threshold), least);
  }
  if (proven && proven->value < least) path.best_copies = proven->copies;
  return path;
}

}  // namespace

DuplicationPath duplicate(const DuplicationProblem& problem) {
  const CopyCost cost(problem);
  if (!is_throughput(problem.objective)) return marginal_path(problem, cost);
  DuplicationPath path = threshold_path(problem, problem.floor_interval_fs);
  path.bound = cost.value(copies_after(path, path.steps.size(), problem.layers.size()), 0);
  return path;
}

std::vector<std::int64_t> copies_after(const DuplicationPath& path, std::size_t num_steps, std::size_t num_layers) {
  std::vector<std::int64_t> copies(num_layers, 1);
  for (std::size_t step = 0; step < num_steps; ++step) ++copies.at(static_cast<std::size_t>(path.steps.at(step)));
  return copies;
}

}  // namespace crossloom
