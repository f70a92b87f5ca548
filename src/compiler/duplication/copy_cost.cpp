#include "compiler/duplication/copy_cost.h"

#include <algorithm>

#include "compiler/duplication/budget_ledger.h"
#include "support/error.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

constexpr double kNsAFs = 1e-6;

}  // namespace

TimeFs layer_interval_fs(const LayerWork& work, std::int64_t copies) {
  return checked_mul(ceil_div(work.num_windows, copies), work.window_fs, "the time an image takes on a layer");
}

std::int64_t next_shorter(const LayerWork& work, std::int64_t copies) {
  const std::int64_t num_rounds = ceil_div(work.num_windows, copies);
  return ceil_div(work.num_windows, num_rounds - 1);
}

bool is_throughput(std::span<const ObjectiveTerm> objective) {
  return objective.size() == 1 && objective.front().kind == ObjectiveKind::kThroughput;
}

CopyCost::CopyCost(const DuplicationProblem& problem) : problem_(problem) {
  const std::vector<std::int64_t> single(problem.layers.size(), 1);
  const bool is_sum = problem.objective.size() > 1;
  /// A unit of a figure that single copies bring to `single_figure`.
  const auto scaled = [&](double unit, double single_figure, double weight) {
    if (!is_sum) return unit;
    return single_figure > 0.0 ? weight * unit / single_figure : 0.0;
  };
  for (const ObjectiveTerm& term : problem.objective) {
    switch (term.kind) {
      case ObjectiveKind::kThroughput:
        interval_rate_ += scaled(kNsAFs, fs_to_ns(longest_interval(single)), term.weight);
        break;
      case ObjectiveKind::kLatency:
      case ObjectiveKind::kEnergy: {
        const double rate = term.kind == ObjectiveKind::kLatency ? kNsAFs : kNsAFs * problem.static_power_mw;
        const Timeline line = timeline(single);
        latency_rate_ += scaled(rate, line.last == Timeline::kNone ? 0.0 : rate * line.end_fs[line.last], term.weight);
        break;
      }
      case ObjectiveKind::kCrossbars:
        crossbar_rate_ += scaled(1.0, static_cast<double>(BudgetLedger(problem).least_crossbars()), term.weight);
        break;
    }
  }
}

double CopyCost::value(std::span<const std::int64_t> copies, std::int64_t num_crossbars) const {
  double value = crossbar_rate_ * static_cast<double>(num_crossbars);
  if (interval_rate_ > 0.0) value += interval_rate_ * static_cast<double>(longest_interval(copies));
  if (latency_rate_ > 0.0) {
    const Timeline line = timeline(copies);
    if (line.last != Timeline::kNone) value += latency_rate_ * line.end_fs[line.last];
  }
  return value;
}

std::vector<double> CopyCost::rates(std::span<const std::int64_t> copies) const {
  std::vector<double> rates(copies.size(), 0.0);
  if (interval_rate_ > 0.0 && !copies.empty()) {
    std::size_t slowest = 0;
    for (std::size_t layer = 1; layer < copies.size(); ++layer) {
      if (layer_interval_fs(problem_.layers[layer], copies[layer]) >
          layer_interval_fs(problem_.layers[slowest], copies[slowest]))
        slowest = layer;
    }
    rates[slowest] += interval_rate_;
  }
  if (latency_rate_ > 0.0) {
    const Timeline line = timeline(copies);
    double share = latency_rate_;
    for (std::size_t layer = line.last; layer != Timeline::kNone;) {
      rates[layer] += share;
      if (line.waits_for[layer] == Timeline::kNone) break;
      const HeadStart& before = problem_.head_starts[layer][line.waits_for[layer]];
      share = latency_rate_ * before.fraction;
      layer = before.layer;
    }
  }
  return rates;
}

CopyCost::Timeline CopyCost::timeline(std::span<const std::int64_t> copies) const {
  if (problem_.head_starts.size() != problem_.layers.size()) throw InternalError("copy cost: latency without head starts");
  Timeline line{.end_fs = {}, .waits_for = std::vector<std::size_t>(copies.size(), Timeline::kNone)};
  std::vector<double> start_fs(copies.size(), 0.0);
  line.end_fs.reserve(copies.size());
  for (std::size_t layer = 0; layer < copies.size(); ++layer) {
    const std::vector<HeadStart>& before = problem_.head_starts[layer];
    for (std::size_t i = 0; i < before.size(); ++i) {
      const auto interval_fs =
          static_cast<double>(layer_interval_fs(problem_.layers[before[i].layer], copies[before[i].layer]));
      const double start = start_fs[before[i].layer] + before[i].fraction * interval_fs;
      if (start <= start_fs[layer]) continue;
      start_fs[layer] = start;
      line.waits_for[layer] = i;
    }
    line.end_fs.push_back(start_fs[layer] + static_cast<double>(layer_interval_fs(problem_.layers[layer], copies[layer])));
    if (line.last == Timeline::kNone || line.end_fs[layer] > line.end_fs[line.last]) line.last = layer;
  }
  return line;
}

TimeFs CopyCost::longest_interval(std::span<const std::int64_t> copies) const {
  TimeFs longest = problem_.floor_interval_fs;
  for (std::size_t layer = 0; layer < copies.size(); ++layer)
    longest = std::max(longest, layer_interval_fs(problem_.layers[layer], copies[layer]));
  return longest;
}

}  // namespace crossloom
