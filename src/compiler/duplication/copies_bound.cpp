#include "compiler/duplication/copies_bound.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "compiler/duplication/budget_ledger.h"

namespace crossloom {
namespace {

constexpr int kNumRounds = 60;
constexpr int kNumPrices = 40;

/// Copies and the interval with them.
struct Choice {
  std::int64_t copies = 1;
  double interval_fs = 0.0;
};

/// The most copies of a layer that the area allows beside one copy of each other layer.
std::int64_t most_copies(const DuplicationProblem& problem, std::size_t layer, std::int64_t free_weights) {
  const LayerWork& work = problem.layers[layer];
  return std::clamp<std::int64_t>(1 + free_weights / std::max<std::int64_t>(work.num_weights, 1), 1, work.num_windows);
}

std::int64_t free_weights(const DuplicationProblem& problem) {
  std::int64_t num_weights = 0;
  for (const LayerWork& work : problem.layers) num_weights += work.num_weights;
  return std::max<std::int64_t>(problem.num_crossbars * problem.crossbar_weights - num_weights, 0);
}

/// Numbers of copies with different intervals.
std::vector<Choice> choices(const LayerWork& work, std::int64_t most) {
  std::vector<Choice> result;
  for (std::int64_t copies = 1;; copies = next_shorter(work, copies)) {
    result.push_back({.copies = copies, .interval_fs = static_cast<double>(layer_interval_fs(work, copies))});
    if (copies >= work.num_windows || next_shorter(work, copies) > most) return result;
  }
}

/// Those on the lower convex hull: no others answer a linear price.
std::vector<Choice> hull(const std::vector<Choice>& all) {
  std::vector<Choice> kept;
  for (const Choice& next : all) {
    const auto slope = [](const Choice& a, const Choice& b) {
      return (b.interval_fs - a.interval_fs) / static_cast<double>(b.copies - a.copies);
    };
    while (kept.size() >= 2 && slope(kept[kept.size() - 2], kept.back()) >= slope(kept.back(), next)) kept.pop_back();
    kept.push_back(next);
  }
  return kept;
}

/// Crossbars that a copy of each layer takes by one limit, as a share: those of all copies never pass the budget.
using Shares = std::vector<double>;

/// By area, by the cap of blocks and by the mean of both.
std::vector<Shares> limits(const DuplicationProblem& problem) {
  Shares area;
  Shares cap;
  Shares both;
  for (const LayerWork& work : problem.layers) {
    area.push_back(static_cast<double>(work.num_weights) / static_cast<double>(problem.crossbar_weights));
    cap.push_back(static_cast<double>(work.num_blocks) /
                  static_cast<double>(std::max<std::int64_t>(problem.max_blocks_per_crossbar, 1)));
    both.push_back((area.back() + cap.back()) / 2.0);
  }
  if (problem.max_blocks_per_crossbar == 0) return {area};
  return {area, cap, both};
}

/// The problem with one limit priced.
class PricedLimit {
 public:
  PricedLimit(const DuplicationProblem& problem, double crossbar_rate, Shares shares)
      : crossbar_rate_(crossbar_rate), capacity_(static_cast<double>(problem.num_crossbars)), shares_(std::move(shares)) {
    const std::int64_t num_free = free_weights(problem);
    for (std::size_t layer = 0; layer < problem.layers.size(); ++layer)
      hulls_.push_back(hull(choices(problem.layers[layer], most_copies(problem, layer, num_free))));
  }

  struct Answer {
    double bound = 0.0;
    double num_crossbars = 0.0;
    std::vector<std::int64_t> copies;
  };

  [[nodiscard]] Answer at(const std::vector<double>& rates, double price) const {
    Answer answer{.bound = -price * capacity_};
    answer.copies.reserve(hulls_.size());
    for (std::size_t layer = 0; layer < hulls_.size(); ++layer) {
      const double a_copy = shares_[layer] * (price + crossbar_rate_);
      const auto cost = [&](const Choice& choice) {
        return rates[layer] * choice.interval_fs + a_copy * static_cast<double>(choice.copies);
      };
      // Costs along a hull fall, then rise.
      const std::vector<Choice>& options = hulls_[layer];
      auto best = options.begin();
      while (best + 1 != options.end() && cost(*(best + 1)) < cost(*best)) ++best;
      answer.bound += cost(*best);
      answer.num_crossbars += shares_[layer] * static_cast<double>(best->copies);
      answer.copies.push_back(best->copies);
    }
    return answer;
  }

  /// The best price by bisection on whether the copies that answer it fit.
  [[nodiscard]] Answer best(const std::vector<double>& rates) const {
    double low = 0.0;
    double high = 0.0;
    for (std::size_t layer = 0; layer < hulls_.size(); ++layer)
      high = std::max(high, rates[layer] * hulls_[layer].front().interval_fs / shares_[layer]);
    Answer best = at(rates, 0.0);
    if (best.num_crossbars <= capacity_) return best;
    for (int i = 0; i < kNumPrices; ++i) {
      const double price = (low + high) / 2.0;
      Answer answer = at(rates, price);
      (answer.num_crossbars > capacity_ ? low : high) = price;
      if (answer.bound > best.bound) best = std::move(answer);
    }
    return best;
  }

 private:
  double crossbar_rate_;
  double capacity_;
  Shares shares_;
  std::vector<std::vector<Choice>> hulls_;
};

class CheapestSearch {
 public:
  CheapestSearch(const DuplicationProblem& problem, const CopyCost& cost, double known, std::int64_t max_nodes)
      : problem_(problem),
        cost_(cost),
        num_nodes_left_(max_nodes),
        order_(problem.layers.size()),
        copies_(problem.layers.size(), 1),
        best_{.copies = {}, .value = known} {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::ranges::stable_sort(order_, [&](std::size_t a, std::size_t b) {
      return layer_interval_fs(problem.layers[a], 1) > layer_interval_fs(problem.layers[b], 1);
    });
  }

  [[nodiscard]] std::optional<CheapestCopies> run() {
    branch(0, free_weights(problem_));
    if (num_nodes_left_ < 0) return std::nullopt;
    return std::move(best_);
  }

 private:
  /// Layers before `depth` in the order have their copies, the others one; `num_free` weights are left for those.
  void branch(std::size_t depth, std::int64_t num_free) {
    if (num_nodes_left_-- <= 0) return;
    const std::int64_t num_crossbars = least_crossbars_of(problem_, copies_);
    if (num_crossbars > problem_.num_crossbars) return;
    if (depth == order_.size()) {
      const double value = cost_.value(copies_, num_crossbars);
      if (value < best_.value) best_ = {.copies = copies_, .value = value};
      return;
    }
    std::vector<std::int64_t> at_most = copies_;
    for (std::size_t i = depth; i < order_.size(); ++i) at_most[order_[i]] = most_copies(problem_, order_[i], num_free);
    if (cost_.value(at_most, num_crossbars) >= best_.value) return;
    const std::size_t layer = order_[depth];
    std::vector<Choice> options = choices(problem_.layers[layer], at_most[layer]);
    std::ranges::reverse(options);
    for (const Choice& option : options) {
      copies_[layer] = option.copies;
      branch(depth + 1, num_free - (option.copies - 1) * problem_.layers[layer].num_weights);
    }
    copies_[layer] = 1;
  }

  const DuplicationProblem& problem_;
  const CopyCost& cost_;
  std::int64_t num_nodes_left_;
  std::vector<std::size_t> order_;
  std::vector<std::int64_t> copies_;
  CheapestCopies best_;
};

}  // namespace

double copies_bound(const DuplicationProblem& problem, const CopyCost& cost, std::span<const std::int64_t> start) {
  double bound = 0.0;
  for (Shares& shares : limits(problem)) {
    const PricedLimit priced(problem, cost.crossbar_rate(), std::move(shares));
    std::vector<double> mean = cost.rates(start);
    for (int round = 1; round <= kNumRounds; ++round) {
      const PricedLimit::Answer answer = priced.best(mean);
      bound = std::max(bound, answer.bound);
      const std::vector<double> rates = cost.rates(answer.copies);
      const double share = 2.0 / static_cast<double>(round + 2);
      for (std::size_t layer = 0; layer < mean.size(); ++layer) mean[layer] += share * (rates[layer] - mean[layer]);
    }
  }
  return bound;
}

std::optional<CheapestCopies> cheapest_copies(const DuplicationProblem& problem, const CopyCost& cost, double known,
                                              std::int64_t max_nodes) {
  return CheapestSearch(problem, cost, known, max_nodes).run();
}

}  // namespace crossloom
