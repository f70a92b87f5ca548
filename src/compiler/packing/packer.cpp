#include "compiler/packing/packer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/packing/ejection_search.h"
#include "compiler/packing/greedy_packing.h"
#include "compiler/packing/lower_bounds.h"
#include "support/config_reader.h"
#include "support/error.h"

namespace crossloom {

namespace {

std::optional<Packing> within_budget(Packing packing, const PackingProblem& problem, const PackingGoal& goal) {
  if (packing.num_crossbars > problem.num_crossbars && !goal.wants_overfull) return std::nullopt;
  return packing;
}

/// Best of several orders and fit rules; stops at `enough` crossbars, and for large problems at the first that fits the budget.
/// When only the budget is asked for, orders that have never been far apart are not tried where it is missed by far.
Packing best_of_orders(const PackingProblem& problem, std::int64_t enough) {
  constexpr std::size_t kLargeProblem = 2000;
  constexpr std::int64_t kOrdersDivisor = 8;  // how far apart orders may be, and a few crossbars of small problems
  constexpr std::int64_t kRulesDivisor = 64;
  constexpr std::int64_t kFew = 3;
  const std::int64_t budget = problem.num_crossbars;
  const auto is_missed = [&](std::int64_t num_crossbars, std::int64_t divisor) {
    return enough >= budget && num_crossbars > budget + budget / divisor + kFew;
  };
  GreedyPacker packer(problem);
  std::optional<Packing> best;
  for (const FitRule rule : {FitRule::kShortSide, FitRule::kArea}) {
    if (best && is_missed(best->num_crossbars, kRulesDivisor)) break;
    for (const PackingOrder order : {PackingOrder::kCols, PackingOrder::kArea, PackingOrder::kLongSide, PackingOrder::kRows}) {
      GreedyStrategy strategy{.order = order, .rule = rule};
      if (best) strategy.fewer_than = best->num_crossbars;
      if (std::optional<Packing> packing = packer.pack(strategy)) best = std::move(packing);
      const bool is_good_enough = best->num_crossbars <= budget && problem.items.size() > kLargeProblem;
      if (best->num_crossbars <= enough || is_good_enough || is_missed(best->num_crossbars, kOrdersDivisor))
        return *std::move(best);
    }
  }
  return *std::move(best);
}

std::optional<Packing> pack_max_rects(const PackingProblem& problem, const PackingGoal& goal) {
  return within_budget(best_of_orders(problem, std::max(goal.enough, area_lower_bound(problem))), problem, goal);
}

/// Insertions times crossbars that a search may spend: a look for a place goes over all crossbars.
std::int64_t search_steps(const PackingProblem& problem, const PackingGoal& goal) {
  switch (goal.effort) {
    case PackingEffort::kFast:
      return 0;
    case PackingEffort::kDefault:
      // A budget that is missed by a little is one question of many, the fewest crossbars are asked for once.
      return goal.enough < problem.num_crossbars ? 150'000 : 30'000;
    case PackingEffort::kBest:
      return goal.enough < problem.num_crossbars ? 10'000'000 : 2'000'000;
  }
  throw InternalError("PackingEffort outside its range");
}

/// Maximal rectangles first. Where they miss the goal, but not by so much that no search helps, ejection search from there.
std::optional<Packing> pack_ejection(const PackingProblem& problem, const PackingGoal& goal) {
  constexpr std::int64_t kReachDivisor = 16;  // of the budget, and a few crossbars of small ones
  constexpr std::int64_t kReach = 3;
  const std::int64_t bound =
      goal.effort == PackingEffort::kFast ? area_lower_bound(problem) : lower_bound(problem).num_crossbars;
  if (bound > problem.num_crossbars && !goal.wants_overfull) return std::nullopt;
  const std::int64_t target = std::max(goal.enough, bound);
  Packing packing = best_of_orders(problem, target);
  const bool is_within_reach = packing.num_crossbars - problem.num_crossbars <= problem.num_crossbars / kReachDivisor + kReach;
  if (packing.num_crossbars > target && is_within_reach) {
    const std::int64_t num_insertions = search_steps(problem, goal) / packing.num_crossbars;
    packing = eject_crossbars(problem, std::move(packing), {.num_insertions = num_insertions, .lower_bound = target});
  }
  return within_budget(std::move(packing), problem, goal);
}

std::optional<Packing> pack_first_fit_decreasing(const PackingProblem& problem, const PackingGoal& goal) {
  return within_budget(*GreedyPacker(problem).pack({.choice = CrossbarChoice::kFirstFit}), problem, goal);
}

std::optional<Packing> pack_one_per_crossbar(const PackingProblem& problem, const PackingGoal& goal) {
  Packing packing{.num_crossbars = static_cast<std::int64_t>(problem.items.size())};
  packing.placements.reserve(problem.items.size());
  for (std::int64_t crossbar = 0; crossbar < packing.num_crossbars; ++crossbar) {
    packing.placements.push_back({.crossbar = crossbar, .row0 = 0, .col0 = 0});
  }
  return within_budget(std::move(packing), problem, goal);
}

constexpr std::array<Packer, 4> kPackers{{
    {"ejection", "max_rects, then crossbars emptied one by one by ejection search (Nagata, Braysy 2009)", pack_ejection},
    {"max_rects", "maximal rectangles, best fit; best of several orders (Jylanki 2010)", pack_max_rects},
    {"first_fit_decreasing", "largest block first into the first crossbar with room for it", pack_first_fit_decreasing},
    {"one_per_crossbar", "a crossbar for each block, as ISAAC maps layers", pack_one_per_crossbar},
}};

}  // namespace

std::span<const std::string_view> enum_names(PackingEffort) {
  static constexpr auto kNames = std::to_array<std::string_view>({"fast", "default", "best"});
  static_assert(kNames.size() == static_cast<std::size_t>(PackingEffort::kBest) + 1);
  return kNames;
}

std::span<const Packer> packers() { return kPackers; }

const Packer& packer_by_name(std::string_view name) {
  std::vector<std::string_view> names;
  std::string list;
  for (const Packer& packer : kPackers) {
    if (packer.name == name) return packer;
    names.push_back(packer.name);
    list += (list.empty() ? "" : ", ") + std::string(packer.name);
  }
  const std::string hint = did_you_mean(name, names);
  throw UserError("--packer: " + std::string(name) + " is not one of " + list +
                  (hint.empty() ? "" : " (did you mean " + hint + "?)"));
}

}  // namespace crossloom
