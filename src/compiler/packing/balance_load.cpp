#include "compiler/packing/balance_load.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "compiler/packing/crossbar_fit.h"

namespace crossloom {
namespace {

std::vector<std::int64_t> crossbar_loads(const Packing& packing, std::span<const std::int64_t> loads) {
  std::vector<std::int64_t> sums(static_cast<std::size_t>(packing.num_crossbars), 0);
  for (std::size_t item = 0; item < packing.placements.size(); ++item)
    sums[static_cast<std::size_t>(packing.placements[item].crossbar)] += loads[item];
  return sums;
}

class LoadBalancer {
 public:
  LoadBalancer(const PackingProblem& problem, const Packing& packing, std::span<const std::int64_t> loads,
               std::int64_t max_questions)
      : problem_(problem),
        loads_(loads),
        fit_(problem),
        num_questions_left_(max_questions),
        crossbars_(static_cast<std::size_t>(packing.num_crossbars)),
        load_of_(crossbar_loads(packing, loads)),
        is_changed_(crossbars_.size(), false),
        is_settled_(crossbars_.size(), false) {
    for (std::size_t item = 0; item < packing.placements.size(); ++item)
      crossbars_[static_cast<std::size_t>(packing.placements[item].crossbar)].push_back(item);
  }

  void run() {
    const std::int64_t floor = loads_.empty() ? 0 : std::ranges::max(loads_);
    while (num_questions_left_ > 0) {
      const std::optional<std::size_t> busiest = busiest_unsettled();
      if (!busiest || load_of_[*busiest] <= floor) return;
      if (!relieve(*busiest)) is_settled_[*busiest] = true;
    }
  }

  /// The packing with the crossbars that changed packed anew.
  [[nodiscard]] Packing result(Packing packing) const {
    for (std::size_t crossbar = 0; crossbar < crossbars_.size(); ++crossbar) {
      if (!is_changed_[crossbar]) continue;
      const std::vector<std::size_t>& items = crossbars_[crossbar];
      const std::optional<std::vector<BlockCorner>> corners = fit_.places(items);
      for (std::size_t i = 0; i < items.size(); ++i) {
        packing.placements[items[i]] = {
            .crossbar = static_cast<std::int64_t>(crossbar), .row0 = (*corners)[i].row0, .col0 = (*corners)[i].col0};
      }
    }
    return packing;
  }

 private:
  /// A block of the busy crossbar goes to another one, for a block of it or for none.
  struct Exchange {
    std::int64_t busier_load = 0;  ///< of the two crossbars afterwards
    std::size_t from = 0;          ///< place in the busy crossbar's list
    std::size_t crossbar = 0;
    std::size_t back = 0;  ///< place in the other's list; its length: none
  };

  /// Of two exchanges the first is the worse one; equal ones by their places, so that the order is total.
  static bool is_worse(const Exchange& a, const Exchange& b) {
    return std::tie(a.busier_load, a.crossbar, a.from, a.back) > std::tie(b.busier_load, b.crossbar, b.from, b.back);
  }

  [[nodiscard]] std::optional<std::size_t> busiest_unsettled() const {
    std::optional<std::size_t> busiest;
    for (std::size_t i = 0; i < crossbars_.size(); ++i) {
      if (!is_settled_[i] && crossbars_[i].size() > 1 && (!busiest || load_of_[i] > load_of_[*busiest])) busiest = i;
    }
    return busiest;
  }

  /// Those that help, as a heap with the best on top.
  [[nodiscard]] std::vector<Exchange> exchanges(std::size_t busy) const {
    std::vector<Exchange> found;
    for (std::size_t from = 0; from < crossbars_[busy].size(); ++from) {
      const std::int64_t given = loads_[crossbars_[busy][from]];
      for (std::size_t other = 0; other < crossbars_.size(); ++other) {
        if (other == busy) continue;
        for (std::size_t back = 0; back <= crossbars_[other].size(); ++back) {
          const std::int64_t taken = back < crossbars_[other].size() ? loads_[crossbars_[other][back]] : 0;
          const std::int64_t busier = std::max(load_of_[busy] - given + taken, load_of_[other] + given - taken);
          if (busier < load_of_[busy]) found.push_back({.busier_load = busier, .from = from, .crossbar = other, .back = back});
        }
      }
    }
    std::ranges::make_heap(found, is_worse);
    return found;
  }

  [[nodiscard]] bool relieve(std::size_t busy) {
    std::vector<Exchange> left = exchanges(busy);
    while (!left.empty() && num_questions_left_ > 0) {
      std::ranges::pop_heap(left, is_worse);
      const Exchange exchange = left.back();
      left.pop_back();
      std::vector<std::size_t> here = crossbars_[busy];
      std::vector<std::size_t> there = crossbars_[exchange.crossbar];
      const std::size_t given = here[exchange.from];
      here.erase(here.begin() + static_cast<std::ptrdiff_t>(exchange.from));
      if (exchange.back < there.size()) {
        here.push_back(there[exchange.back]);
        there.erase(there.begin() + static_cast<std::ptrdiff_t>(exchange.back));
      }
      there.push_back(given);
      if (!may_share(here) || !may_share(there)) continue;
      --num_questions_left_;
      if (!fit_.fits(there) || !fit_.fits(here)) continue;
      replace(busy, std::move(here));
      replace(exchange.crossbar, std::move(there));
      return true;
    }
    return false;
  }

  void replace(std::size_t crossbar, std::vector<std::size_t> items) {
    crossbars_[crossbar] = std::move(items);
    load_of_[crossbar] = 0;
    for (const std::size_t item : crossbars_[crossbar]) load_of_[crossbar] += loads_[item];
    is_changed_[crossbar] = true;
    is_settled_[crossbar] = false;
  }

  /// Whether cap, area and layers allow the last item beside the others, which were together before.
  [[nodiscard]] bool may_share(const std::vector<std::size_t>& items) const {
    const auto num_items = static_cast<std::int64_t>(items.size());
    if (problem_.max_blocks_per_crossbar != 0 && num_items > problem_.max_blocks_per_crossbar) return false;
    std::int64_t area = 0;
    for (const std::size_t item : items) {
      area += problem_.items[item].rows * problem_.items[item].cols;
      const std::int64_t distance = std::abs(problem_.items[item].layer - problem_.items[items.back()].layer);
      if (item != items.back() && distance <= problem_.conflict_distance) return false;
    }
    return area <= problem_.crossbar_rows * problem_.crossbar_cols;
  }

  const PackingProblem& problem_;
  std::span<const std::int64_t> loads_;
  CrossbarFit fit_;
  std::int64_t num_questions_left_;
  std::vector<std::vector<std::size_t>> crossbars_;  ///< items of each
  std::vector<std::int64_t> load_of_;
  std::vector<bool> is_changed_;
  std::vector<bool> is_settled_;
};

}  // namespace

std::int64_t busiest_load(const Packing& packing, std::span<const std::int64_t> loads) {
  const std::vector<std::int64_t> sums = crossbar_loads(packing, loads);
  return sums.empty() ? 0 : std::ranges::max(sums);
}

Packing balance_load(const PackingProblem& problem, Packing packing, std::span<const std::int64_t> loads,
                     std::int64_t max_questions) {
  LoadBalancer balancer(problem, packing, loads, max_questions);
  balancer.run();
  return balancer.result(std::move(packing));
}

}  // namespace crossloom
