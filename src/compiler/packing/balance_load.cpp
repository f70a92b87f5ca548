#include "compiler/packing/balance_load.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "compiler/packing/crossbar_fit.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

std::vector<std::int64_t> crossbar_loads(const Packing& packing, std::span<const std::int64_t> loads) {
  std::vector<std::int64_t> sums(static_cast<std::size_t>(packing.num_crossbars), 0);
  for (std::size_t item = 0; item < packing.placements.size(); ++item)
    sums[static_cast<std::size_t>(packing.placements[item].crossbar)] += loads[item];
  return sums;
}

/// What a crossbar holds, with its sums.
struct LoadedCrossbar {
  std::vector<std::size_t> items;
  std::int64_t load = 0;
  std::int64_t area = 0;
};

class LoadBalancer {
 public:
  LoadBalancer(const PackingProblem& problem, const Packing& packing, std::span<const std::int64_t> loads,
               std::int64_t max_questions)
      : problem_(problem),
        loads_(loads),
        fit_(problem),
        num_questions_left_(max_questions),
        crossbars_(static_cast<std::size_t>(packing.num_crossbars)),
        is_changed_(crossbars_.size(), false),
        is_settled_(crossbars_.size(), false) {
    for (std::size_t item = 0; item < packing.placements.size(); ++item) {
      LoadedCrossbar& crossbar = crossbars_[static_cast<std::size_t>(packing.placements[item].crossbar)];
      crossbar.items.push_back(item);
      crossbar.load += loads[item];
      crossbar.area += area_of(item);
    }
    by_load_.reserve(crossbars_.size());
    for (std::size_t i = 0; i < crossbars_.size(); ++i) by_load_.emplace_back(crossbars_[i].load, i);
    std::ranges::sort(by_load_);
  }

  void run() {
    const std::int64_t floor = loads_.empty() ? 0 : std::ranges::max(loads_);
    while (num_questions_left_ > 0) {
      const std::optional<std::size_t> busiest = busiest_unsettled();
      if (!busiest || crossbars_[*busiest].load <= floor) return;
      if (!relieve(*busiest)) is_settled_[*busiest] = true;
    }
  }

  /// The packing with the crossbars that changed packed anew.
  [[nodiscard]] Packing result(Packing packing) const {
    for (std::size_t crossbar = 0; crossbar < crossbars_.size(); ++crossbar) {
      if (!is_changed_[crossbar]) continue;
      const std::vector<std::size_t>& items = crossbars_[crossbar].items;
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
    std::size_t crossbar = 0;
    std::size_t from = 0;  ///< place in the busy crossbar's list
    std::size_t back = 0;  ///< place in the other's list; its length: none
  };

  /// Of two exchanges the first is the worse one; equal ones by their places, so that the order is total.
  static bool is_worse(const Exchange& a, const Exchange& b) {
    if (a.busier_load != b.busier_load) return a.busier_load > b.busier_load;
    return std::tie(a.crossbar, a.from, a.back) > std::tie(b.crossbar, b.from, b.back);
  }

  [[nodiscard]] std::int64_t area_of(std::size_t item) const { return problem_.items[item].rows * problem_.items[item].cols; }

  /// The first of equals.
  [[nodiscard]] std::optional<std::size_t> busiest_unsettled() const {
    std::optional<std::size_t> busiest;
    for (std::size_t at = by_load_.size(); at-- > 0;) {
      const auto [load, crossbar] = by_load_[at];
      if (busiest && load < crossbars_[*busiest].load) break;
      if (!is_settled_[crossbar] && crossbars_[crossbar].items.size() > 1) busiest = crossbar;
    }
    return busiest;
  }

  /// Exchanges are asked in the order of the load they leave. Whatever two crossbars exchange, the busier one has half of both
  /// loads, so those with the least load are looked at first and the others only when nothing better is left.
  [[nodiscard]] bool relieve(std::size_t busy) {
    found_.clear();
    std::size_t next = 0;
    while (num_questions_left_ > 0) {
      for (; next < by_load_.size() && by_load_[next].first < crossbars_[busy].load; ++next) {
        const std::int64_t least_busier = ceil_div(crossbars_[busy].load + by_load_[next].first, 2);
        if (!found_.empty() && found_.front().busier_load < least_busier) break;
        if (by_load_[next].second != busy) add_exchanges(busy, by_load_[next].second);
      }
      if (found_.empty()) return false;
      std::ranges::pop_heap(found_, is_worse);
      const Exchange exchange = found_.back();
      found_.pop_back();
      if (carry_out(busy, exchange)) return true;
    }
    return false;
  }

  /// Those with one crossbar that help and that cap, area and layers allow.
  void add_exchanges(std::size_t busy, std::size_t crossbar) {
    const LoadedCrossbar& here = crossbars_[busy];
    const LoadedCrossbar& there = crossbars_[crossbar];
    const std::int64_t capacity = problem_.crossbar_rows * problem_.crossbar_cols;
    for (std::size_t from = 0; from < here.items.size(); ++from) {
      const std::int64_t given = loads_[here.items[from]];
      const std::int64_t given_area = area_of(here.items[from]);
      for (std::size_t back = 0; back <= there.items.size(); ++back) {
        const bool is_move = back == there.items.size();
        const std::int64_t taken = is_move ? 0 : loads_[there.items[back]];
        const std::int64_t taken_area = is_move ? 0 : area_of(there.items[back]);
        const std::int64_t busier = std::max(here.load - given + taken, there.load + given - taken);
        if (busier >= here.load || there.area + given_area - taken_area > capacity ||
            here.area - given_area + taken_area > capacity)
          continue;
        if (!is_free_for(there, back, here.items[from]) || (!is_move && !is_free_for(here, from, there.items[back]))) continue;
        found_.push_back({.busier_load = busier, .crossbar = crossbar, .from = from, .back = back});
        std::ranges::push_heap(found_, is_worse);
      }
    }
  }

  /// Whether cap and layers allow the item in the place of another one, or beside all when the place is the end.
  [[nodiscard]] bool is_free_for(const LoadedCrossbar& crossbar, std::size_t place, std::size_t item) const {
    if (place == crossbar.items.size() && problem_.max_blocks_per_crossbar != 0 &&
        static_cast<std::int64_t>(place) >= problem_.max_blocks_per_crossbar)
      return false;
    for (std::size_t i = 0; i < crossbar.items.size(); ++i) {
      const std::int64_t distance = std::abs(problem_.items[crossbar.items[i]].layer - problem_.items[item].layer);
      if (i != place && distance <= problem_.conflict_distance) return false;
    }
    return true;
  }

  [[nodiscard]] bool carry_out(std::size_t busy, const Exchange& exchange) {
    std::vector<std::size_t> here = crossbars_[busy].items;
    std::vector<std::size_t> there = crossbars_[exchange.crossbar].items;
    const std::size_t given = here[exchange.from];
    here.erase(here.begin() + static_cast<std::ptrdiff_t>(exchange.from));
    if (exchange.back < there.size()) {
      here.push_back(there[exchange.back]);
      there.erase(there.begin() + static_cast<std::ptrdiff_t>(exchange.back));
    }
    there.push_back(given);
    --num_questions_left_;
    if (!fit_.fits(there) || !fit_.fits(here)) return false;
    replace(busy, std::move(here));
    replace(exchange.crossbar, std::move(there));
    return true;
  }

  void replace(std::size_t at, std::vector<std::size_t> items) {
    LoadedCrossbar& crossbar = crossbars_[at];
    const auto before = std::ranges::lower_bound(by_load_, std::pair(crossbar.load, at));
    by_load_.erase(before);
    crossbar = {.items = std::move(items), .load = 0, .area = 0};
    for (const std::size_t item : crossbar.items) {
      crossbar.load += loads_[item];
      crossbar.area += area_of(item);
    }
    const std::pair after(crossbar.load, at);
    by_load_.insert(std::ranges::lower_bound(by_load_, after), after);
    is_changed_[at] = true;
    is_settled_[at] = false;
  }

  const PackingProblem& problem_;
  std::span<const std::int64_t> loads_;
  CrossbarFit fit_;
  std::int64_t num_questions_left_;
  std::vector<LoadedCrossbar> crossbars_;
  std::vector<std::pair<std::int64_t, std::size_t>> by_load_;  ///< load and number of each crossbar, ascending
  std::vector<Exchange> found_;                                ///< heap with the best on top
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
