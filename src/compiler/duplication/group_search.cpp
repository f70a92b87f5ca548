#include "compiler/duplication/group_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "compiler/duplication/exclusive_pipeline.h"
#include "compiler/duplication/group_filler.h"
#include "compiler/packing/packer.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

using LayerPairs = std::vector<std::pair<std::size_t, std::size_t>>;

/// A dealing with what its groups hold.
struct Plan {
  struct Group {
    CrossbarGroup group;
    GroupFill fill;
    LayerPairs sharing;  ///< layers with a common crossbar, where they are asked for
  };
  std::vector<Group> groups;
  double cost = 0.0;        ///< by the model of groups
  double exact_cost = 0.0;  ///< by the pipeline, where that is asked for
};

enum class Judge { kGroupModel, kPipeline };

struct Schedule {
  Judge judge = Judge::kGroupModel;
  std::int64_t num_steps = 0;
  double first_temperature = 0.0;  ///< of the logarithm of latency
  double last_temperature = 0.0;
};

/// Numbers of groups tried.
constexpr std::array<std::size_t, 12> kNumGroups = {1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24};
/// Shares of the steps: all numbers of groups, then the best of them, then the best under the pipeline.
constexpr double kBroadShare = 0.35;
constexpr double kDeepShare = 0.25;
constexpr std::size_t kNumDeep = 3;
constexpr std::size_t kNumExact = 2;
/// A move that the model of groups finds so much worse is not asked of the pipeline.
constexpr double kModelMargin = 0.05;
constexpr double kSmoothness = 10.0;          // p of the p-norm that stands for the maximum
constexpr double kMissingCost = 2.0;          // a plan without a packing is worse than any slow one
constexpr double kOverLatencyCost = 2.0;      // for each factor e above the allowed latency
constexpr double kPipelineStepsARound = 2.0;  // of a layer and input, in looks at a crossbar

class GroupSearch {
 public:
  GroupSearch(const SharingProblem& problem, const GroupSearchOptions& options)
      : problem_(problem),
        options_(options),
        filler_(problem),
        random_(static_cast<std::uint64_t>(options.seed), {.purpose = RandomPurpose::kPacking, .trial = 1}) {}

  [[nodiscard]] std::optional<SharedMapping> run() {
    std::vector<Plan> plans;
    const auto broad = static_cast<std::int64_t>(static_cast<double>(options_.num_steps) * kBroadShare);
    const auto deep = static_cast<std::int64_t>(static_cast<double>(options_.num_steps) * kDeepShare);
    const std::int64_t exact = options_.num_steps - broad - deep;
    const std::int64_t num_starts =
        std::max<std::int64_t>(std::ranges::count_if(kNumGroups, [&](std::size_t k) { return is_possible(k); }), 1);
    for (const std::size_t num_groups : kNumGroups) {
      if (!is_possible(num_groups)) continue;
      plans.push_back(anneal(random_plan(num_groups), {Judge::kGroupModel, broad / num_starts, 0.05, 0.002}));
    }
    keep_best(plans, kNumDeep, &Plan::cost);
    for (Plan& plan : plans)
      plan = anneal(std::move(plan), {Judge::kGroupModel, deep / static_cast<std::int64_t>(kNumDeep), 0.01, 0.001});
    for (Plan& plan : plans) judge_by_pipeline(plan);
    keep_best(plans, kNumExact, &Plan::exact_cost);
    for (Plan& plan : plans)
      plan = anneal(std::move(plan), {Judge::kPipeline, exact / static_cast<std::int64_t>(kNumExact), 0.01, 0.0005});
    keep_best(plans, 1, &Plan::exact_cost);
    if (plans.empty() || missing_area(plans.front()) > 0) return pack_as_one_group();
    return mapping_of(plans.front());
  }

 private:
  [[nodiscard]] bool is_possible(std::size_t num_groups) const {
    return num_groups <= problem_.layers.size() && static_cast<std::int64_t>(num_groups) <= problem_.rules.num_crossbars;
  }

  static void keep_best(std::vector<Plan>& plans, std::size_t num_kept, double Plan::*cost) {
    std::stable_sort(plans.begin(), plans.end(), [&](const Plan& a, const Plan& b) { return a.*cost < b.*cost; });
    if (plans.size() > num_kept) plans.resize(num_kept);
  }

  static std::int64_t missing_area(const Plan& plan) {
    std::int64_t area = 0;
    for (const Plan::Group& each : plan.groups) area += each.fill.missing_area;
    return area;
  }

  [[nodiscard]] std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_.next_below(bound)); }
  [[nodiscard]] std::int64_t crossbar_area() const { return problem_.rules.crossbar_rows * problem_.rules.crossbar_cols; }
  [[nodiscard]] std::int64_t area_of(std::size_t layer) const {
    std::int64_t area = 0;
    for (const BlockSize& block : problem_.layers[layer].blocks) area += block.rows * block.cols;
    return area;
  }

  void refill(Plan::Group& each, Judge judge) {
    each.fill = filler_.fill(each.group);
    each.sharing = judge == Judge::kPipeline ? filler_.sharing_layers() : LayerPairs{};
  }

  /// Layers dealt out at random, crossbars by the area of the layers.
  [[nodiscard]] Plan random_plan(std::size_t num_groups) {
    Plan plan{.groups = std::vector<Plan::Group>(num_groups)};
    std::vector<std::int64_t> area(num_groups, 0);
    std::int64_t total = 0;
    for (std::size_t layer = 0; layer < problem_.layers.size(); ++layer) {
      const std::size_t group = below(num_groups);
      plan.groups[group].group.layers.push_back(layer);
      area[group] += area_of(layer);
      total += area_of(layer);
    }
    std::int64_t left = problem_.rules.num_crossbars;
    for (std::size_t group = 0; group < num_groups; ++group) {
      const double share = static_cast<double>(area[group]) / static_cast<double>(total);
      plan.groups[group].group.num_crossbars =
          static_cast<std::int64_t>(share * static_cast<double>(problem_.rules.num_crossbars));
      left -= plan.groups[group].group.num_crossbars;
    }
    // Rounding down leaves at most one a group.
    for (std::size_t group = 0; group < num_groups && left > 0; ++group, --left) ++plan.groups[group].group.num_crossbars;
    for (Plan::Group& each : plan.groups) refill(each, Judge::kGroupModel);
    plan.cost = model_cost(plan);
    return plan;
  }

  /// What latencies cost, as a logarithm: 0.01 is about a percent of the batch's latency.
  [[nodiscard]] double cost_of(double batch_turns, double latency_turns) const {
    double cost = std::log(std::max(batch_turns, 1.0)) + options_.latency_weight * std::log(std::max(latency_turns, 1.0));
    const auto allowed = static_cast<double>(options_.max_latency_turns);
    if (allowed > 0.0 && latency_turns > allowed) cost += kOverLatencyCost * std::log(latency_turns / allowed) + 0.01;
    return cost;
  }

  [[nodiscard]] double model_cost(const Plan& plan) const {
    double sum = 0.0;
    double longest = 1.0;
    for (const Plan::Group& each : plan.groups) {
      sum += static_cast<double>(each.fill.num_turns);
      longest = std::max(longest, static_cast<double>(each.fill.num_turns));
    }
    double powers = 0.0;
    for (const Plan::Group& each : plan.groups)
      powers += std::pow(static_cast<double>(each.fill.num_turns) / longest, kSmoothness);
    const double smooth_longest = longest * std::pow(std::max(powers, 1.0), 1.0 / kSmoothness);
    const double cost = cost_of(sum + static_cast<double>(options_.num_inputs - 1) * smooth_longest, sum);
    const auto missing = static_cast<double>(missing_area(plan));
    return missing > 0.0 ? cost + kMissingCost + missing / static_cast<double>(crossbar_area()) : cost;
  }

  [[nodiscard]] std::vector<std::int64_t> turns_of(const Plan& plan) const {
    std::vector<std::int64_t> turns(problem_.layers.size(), 0);
    for (const Plan::Group& each : plan.groups) {
      for (std::size_t i = 0; i < each.group.layers.size(); ++i) {
        const std::size_t layer = each.group.layers[i];
        turns[layer] = turns_with_copies(problem_.layers[layer], each.fill.num_copies[i], problem_.leftover);
      }
    }
    return turns;
  }

  [[nodiscard]] std::int64_t batch_turns(const Plan& plan) const {
    LayerPairs sharing;
    for (const Plan::Group& each : plan.groups) sharing.insert(sharing.end(), each.sharing.begin(), each.sharing.end());
    return exclusive_pipeline_turns(turns_of(plan), sharing, options_.num_inputs);
  }

  [[nodiscard]] double pipeline_cost(const Plan& plan) {
    if (missing_area(plan) > 0) return plan.cost + kMissingCost;
    double latency = 0.0;
    for (const Plan::Group& each : plan.groups) latency += static_cast<double>(each.fill.num_turns);
    num_pipeline_steps_ += static_cast<std::int64_t>(kPipelineStepsARound * static_cast<double>(options_.num_inputs) *
                                                     static_cast<double>(problem_.layers.size()));
    return cost_of(static_cast<double>(batch_turns(plan)), latency);
  }

  void judge_by_pipeline(Plan& plan) {
    for (Plan::Group& each : plan.groups) refill(each, Judge::kPipeline);
    plan.exact_cost = pipeline_cost(plan);
  }

  /// Two groups of which half of the time one is the slowest, or lacks most.
  [[nodiscard]] std::pair<std::size_t, std::size_t> pick_groups(const Plan& plan) {
    std::size_t from = below(plan.groups.size());
    std::size_t into = (from + 1 + below(plan.groups.size() - 1)) % plan.groups.size();
    if (below(2) == 0) {
      const auto key = [](const Plan::Group& each) { return std::pair(each.fill.missing_area, each.fill.num_turns); };
      for (std::size_t i = 0; i < plan.groups.size(); ++i) {
        if (key(plan.groups[i]) > key(plan.groups[from])) from = i;
      }
      if (from == into) into = (from + 1 + below(plan.groups.size() - 1)) % plan.groups.size();
      if (below(2) == 0) std::swap(from, into);
    }
    return {from, into};
  }

  static bool give_crossbars(CrossbarGroup& from, CrossbarGroup& into, std::int64_t num_crossbars) {
    if (from.num_crossbars < num_crossbars || into.num_crossbars < -num_crossbars) return false;
    from.num_crossbars -= num_crossbars;
    into.num_crossbars += num_crossbars;
    return true;
  }

  /// Changes two groups at random; false when the draw asks for what is not there.
  [[nodiscard]] bool change(CrossbarGroup& from, CrossbarGroup& into) {
    constexpr std::size_t kMostCrossbars = 3;
    switch (below(4)) {
      case 0:
        return give_crossbars(from, into, 1 + static_cast<std::int64_t>(below(kMostCrossbars)));
      case 1:
        return move_layer(from, into, 0);
      case 2:
        return move_layer(from, into, static_cast<std::int64_t>(below(2)) * crossbar_area() + crossbar_area() / 2);
      default:
        return swap_layers(from, into);
    }
  }

  /// With the crossbars that its area and so much more take; all of them when the group has no other layer.
  [[nodiscard]] bool move_layer(CrossbarGroup& from, CrossbarGroup& into, std::int64_t more_area) {
    if (from.layers.empty()) return false;
    const std::size_t at = below(from.layers.size());
    const std::size_t layer = from.layers[at];
    from.layers.erase(from.layers.begin() + static_cast<std::ptrdiff_t>(at));
    into.layers.push_back(layer);
    std::int64_t num_crossbars = more_area == 0 ? 0 : (area_of(layer) + more_area) / crossbar_area();
    if (from.layers.empty()) num_crossbars = from.num_crossbars;
    return give_crossbars(from, into, std::min(num_crossbars, from.num_crossbars));
  }

  [[nodiscard]] bool swap_layers(CrossbarGroup& from, CrossbarGroup& into) {
    if (from.layers.empty() || into.layers.empty()) return false;
    std::size_t& a = from.layers[below(from.layers.size())];
    std::size_t& b = into.layers[below(into.layers.size())];
    const std::int64_t num_crossbars = below(2) == 0 ? 0 : (area_of(a) - area_of(b)) / crossbar_area();
    std::swap(a, b);
    return give_crossbars(from, into, num_crossbars);
  }

  [[nodiscard]] std::int64_t steps_taken() const { return filler_.num_steps() + num_pipeline_steps_; }

  [[nodiscard]] Plan anneal(Plan start, const Schedule& schedule) {
    if (start.groups.size() < 2) return start;
    const bool is_exact = schedule.judge == Judge::kPipeline;
    const auto cost = is_exact ? &Plan::exact_cost : &Plan::cost;
    Plan now = std::move(start);
    Plan best = now;
    const std::int64_t begin = steps_taken();
    // Draws that change nothing take no steps: bounded as well.
    for (std::int64_t draw = 0; draw < schedule.num_steps; ++draw) {
      const double progress = static_cast<double>(steps_taken() - begin) / static_cast<double>(schedule.num_steps);
      if (progress >= 1.0) break;
      const double temperature =
          schedule.first_temperature * std::pow(schedule.last_temperature / schedule.first_temperature, progress);
      const auto [from, into] = pick_groups(now);
      Plan::Group old_from = now.groups[from];
      Plan::Group old_into = now.groups[into];
      const double old_model = now.cost;
      const double old_exact = now.exact_cost;
      bool is_taken = change(now.groups[from].group, now.groups[into].group);
      if (is_taken) {
        refill(now.groups[from], schedule.judge);
        refill(now.groups[into], schedule.judge);
        now.cost = model_cost(now);
        const auto accepts = [&](double before, double after) {
          return after <= before || random_.next_uniform() < std::exp((before - after) / temperature);
        };
        if (is_exact) {
          is_taken = now.cost <= old_model + kModelMargin;
          if (is_taken) now.exact_cost = pipeline_cost(now);
        }
        is_taken = is_taken && accepts(is_exact ? old_exact : old_model, now.*cost);
      }
      if (is_taken) {
        if (now.*cost < best.*cost) best = now;
        continue;
      }
      now.groups[from] = std::move(old_from);
      now.groups[into] = std::move(old_into);
      now.cost = old_model;
      now.exact_cost = old_exact;
    }
    return best;
  }

  [[nodiscard]] SharedMapping mapping_of(const Plan& plan) {
    SharedMapping mapping{.groups = {}, .num_copies = std::vector<std::int64_t>(problem_.layers.size(), 0), .placements = {}};
    std::int64_t first_crossbar = 0;
    LayerPairs sharing;
    for (const Plan::Group& each : plan.groups) {
      static_cast<void>(filler_.fill(each.group));
      append(mapping, each.group, first_crossbar, sharing);
      first_crossbar += each.group.num_crossbars;
    }
    finish(mapping, sharing);
    return mapping;
  }

  /// What the filler holds becomes a group of the mapping.
  void append(SharedMapping& mapping, const CrossbarGroup& group, std::int64_t first_crossbar, LayerPairs& sharing) const {
    mapping.groups.push_back(group);
    for (CopyPlacement placement : filler_.placements()) {
      placement.place.crossbar += first_crossbar;
      mapping.num_copies[placement.layer] = std::max(mapping.num_copies[placement.layer], placement.copy + 1);
      mapping.placements.push_back(placement);
    }
    const LayerPairs more = filler_.sharing_layers();
    sharing.insert(sharing.end(), more.begin(), more.end());
  }

  void finish(SharedMapping& mapping, const LayerPairs& sharing) const {
    std::stable_sort(mapping.placements.begin(), mapping.placements.end(),
                     [](const CopyPlacement& a, const CopyPlacement& b) { return a.layer < b.layer; });
    std::vector<std::int64_t> turns;
    for (std::size_t layer = 0; layer < problem_.layers.size(); ++layer) {
      turns.push_back(turns_with_copies(problem_.layers[layer], mapping.num_copies[layer], problem_.leftover));
      mapping.latency_turns += turns.back();
    }
    mapping.batch_turns = exclusive_pipeline_turns(turns, sharing, options_.num_inputs);
  }

  [[nodiscard]] std::optional<SharedMapping> pack_as_one_group() {
    PackingProblem single = problem_.rules;
    CrossbarGroup all{.layers = {}, .num_crossbars = single.num_crossbars};
    for (std::size_t layer = 0; layer < problem_.layers.size(); ++layer) {
      all.layers.push_back(layer);
      for (const BlockSize& block : problem_.layers[layer].blocks)
        single.items.push_back({.layer = static_cast<std::int64_t>(layer), .rows = block.rows, .cols = block.cols});
    }
    const std::optional<Packing> packing =
        packers().front().pack(single, {.effort = PackingEffort::kBest, .enough = single.num_crossbars});
    if (!packing) return std::nullopt;
    static_cast<void>(filler_.extend(all, *packing));
    SharedMapping mapping{.groups = {}, .num_copies = std::vector<std::int64_t>(problem_.layers.size(), 0), .placements = {}};
    LayerPairs sharing;
    append(mapping, all, 0, sharing);
    finish(mapping, sharing);
    return mapping;
  }

  const SharingProblem& problem_;
  const GroupSearchOptions& options_;
  GroupFiller filler_;
  RandomStream random_;
  std::int64_t num_pipeline_steps_ = 0;
};

}  // namespace

std::optional<SharedMapping> group_layers(const SharingProblem& problem, const GroupSearchOptions& options) {
  return GroupSearch(problem, options).run();
}

}  // namespace crossloom
