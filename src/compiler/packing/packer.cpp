#include "compiler/packing/packer.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/packing/greedy_packing.h"
#include "support/config_reader.h"
#include "support/error.h"

namespace crossloom {

namespace {

std::optional<Packing> within_budget(Packing packing, const PackingProblem& problem) {
  if (packing.num_crossbars > problem.num_crossbars) return std::nullopt;
  return packing;
}

/// Best of several orders and fit rules; stops at the area bound, and for large problems at the first that fits the budget.
std::optional<Packing> pack_max_rects(const PackingProblem& problem) {
  constexpr std::size_t kLargeProblem = 2000;
  const std::int64_t bound = area_lower_bound(problem);
  std::optional<Packing> best;
  for (const FitRule rule : {FitRule::kShortSide, FitRule::kArea}) {
    for (const PackingOrder order : {PackingOrder::kArea, PackingOrder::kLongSide, PackingOrder::kCols, PackingOrder::kRows}) {
      Packing packing = pack_greedily(problem, {.order = order, .rule = rule, .choice = CrossbarChoice::kBestFit});
      if (!best || packing.num_crossbars < best->num_crossbars) best = std::move(packing);
      const bool is_good_enough = best->num_crossbars <= problem.num_crossbars && problem.items.size() > kLargeProblem;
      if (best->num_crossbars == bound || is_good_enough) return within_budget(*std::move(best), problem);
    }
  }
  return within_budget(*std::move(best), problem);
}

std::optional<Packing> pack_first_fit_decreasing(const PackingProblem& problem) {
  const GreedyStrategy strategy{.order = PackingOrder::kArea, .rule = FitRule::kShortSide, .choice = CrossbarChoice::kFirstFit};
  return within_budget(pack_greedily(problem, strategy), problem);
}

std::optional<Packing> pack_one_per_crossbar(const PackingProblem& problem) {
  Packing packing{.num_crossbars = static_cast<std::int64_t>(problem.items.size())};
  packing.placements.reserve(problem.items.size());
  for (std::int64_t crossbar = 0; crossbar < packing.num_crossbars; ++crossbar) {
    packing.placements.push_back({.crossbar = crossbar, .row0 = 0, .col0 = 0});
  }
  return within_budget(std::move(packing), problem);
}

constexpr std::array<Packer, 3> kPackers{{
    {"max_rects", "maximal rectangles, best fit; best of several orders (Jylanki 2010)", pack_max_rects},
    {"first_fit_decreasing", "largest block first into the first crossbar with room for it", pack_first_fit_decreasing},
    {"one_per_crossbar", "a crossbar for each block, as ISAAC maps layers", pack_one_per_crossbar},
}};

}  // namespace

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
