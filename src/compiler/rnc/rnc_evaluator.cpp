#include "compiler/rnc/rnc_evaluator.h"

#include <algorithm>
#include <deque>
#include <map>
#include <queue>
#include <string>
#include <tuple>
#include <utility>

#include "support/error.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

constexpr std::int64_t kCrossbarSide = 128;  // of RNC's crossbars, in weights

std::int64_t copies_in_use(const RncMapping::Layer& layer) {
  return std::min(static_cast<std::int64_t>(layer.copies.size()), layer.max_copies);
}

/// Most blocks of the copies on one crossbar: so many rounds they take.
std::int64_t num_rounds(const RncMapping::Layer& layer) {
  std::map<std::int64_t, std::int64_t> blocks;
  std::int64_t most = 1;
  for (std::int64_t copy = 0; copy < copies_in_use(layer); ++copy) {
    for (const std::int64_t crossbar : layer.copies[static_cast<std::size_t>(copy)]) most = std::max(most, ++blocks[crossbar]);
  }
  return most;
}

std::int64_t duration(const RncMapping::Layer& layer, Leftover leftover) {
  const std::int64_t copies = copies_in_use(layer);
  const std::int64_t turns =
      leftover == Leftover::kDropped ? layer.num_activations / copies : ceil_div(layer.num_activations, copies);
  return turns * num_rounds(layer);
}

std::vector<std::int64_t> durations(const RncMapping& mapping, Leftover leftover) {
  std::vector<std::int64_t> result;
  for (const RncMapping::Layer& layer : mapping.layers) result.push_back(duration(layer, leftover));
  return result;
}

/// A layer at work on one input.
struct Job {
  std::int64_t sample = 0;
  std::int64_t layer = 0;
};

class Evaluation {
 public:
  Evaluation(const RncMapping& mapping, std::int64_t num_samples, Leftover leftover, SimultaneousOrder order)
      : mapping_(mapping),
        num_samples_(num_samples),
        order_(order),
        durations_(durations(mapping, leftover)),
        states_(mapping.layers.size()),
        queues_(static_cast<std::size_t>(mapping.num_crossbars)) {
    for (std::size_t layer = 0; layer < mapping.layers.size(); ++layer) {
      for (std::size_t copy = 0; copy < mapping.layers[layer].copies.size(); ++copy) states_[layer].store.push_back(copy);
    }
  }

  [[nodiscard]] std::int64_t run() {
    become_ready({.sample = 0, .layer = 0});
    while (!ends_.empty() || !asking_.empty()) {
      while (!asking_.empty()) admit_askers();
      if (ends_.empty()) break;
      now_ = std::get<0>(ends_.top());
      while (!ends_.empty() && std::get<0>(ends_.top()) == now_) {
        const Job job = std::get<2>(ends_.top());
        ends_.pop();
        end(job);
        // By arrival each end is felt at once, else all that happens at the instant is gathered first.
        if (order_ == SimultaneousOrder::kArrival) {
          while (!asking_.empty()) admit_askers();
        }
      }
    }
    return now_;
  }

 private:
  struct LayerState {
    std::deque<std::size_t> store;        ///< copies, the one that rested longest first
    std::vector<std::size_t> held;        ///< by the input at work
    std::vector<std::int64_t> crossbars;  ///< of the copies held, each once
    std::deque<std::int64_t> waiting;     ///< inputs that the layer will serve
    bool is_busy = false;
  };
  [[nodiscard]] LayerState& state(std::int64_t layer) { return states_[static_cast<std::size_t>(layer)]; }

  void become_ready(const Job& job) {
    state(job.layer).waiting.push_back(job.sample);
    serve_next(job.layer);
  }

  /// The next input takes the layer's copies and asks for their crossbars.
  void serve_next(std::int64_t layer) {
    LayerState& at = state(layer);
    if (at.is_busy || at.waiting.empty()) return;
    at.is_busy = true;
    const Job job{.sample = at.waiting.front(), .layer = layer};
    at.waiting.pop_front();
    const RncMapping::Layer& of = mapping_.layers[static_cast<std::size_t>(layer)];
    at.crossbars.clear();
    for (std::int64_t i = copies_in_use(of); i > 0; --i) {
      at.held.push_back(at.store.front());
      at.store.pop_front();
      const std::vector<std::int64_t>& crossbars = of.copies[at.held.back()];
      at.crossbars.insert(at.crossbars.end(), crossbars.begin(), crossbars.end());
    }
    std::ranges::sort(at.crossbars);
    at.crossbars.erase(std::unique(at.crossbars.begin(), at.crossbars.end()), at.crossbars.end());
    asking_.push_back(job);
  }

  /// Those who ask at this instant stand in line, in the order of the rule; who is first everywhere starts.
  void admit_askers() {
    std::vector<Job> jobs = std::exchange(asking_, {});
    if (order_ == SimultaneousOrder::kLaterLayerFirst)
      std::ranges::stable_sort(jobs, [](const Job& a, const Job& b) { return a.layer > b.layer; });
    for (const Job& job : jobs) {
      for (const std::int64_t crossbar : state(job.layer).crossbars) queues_[static_cast<std::size_t>(crossbar)].push_back(job);
    }
    for (const Job& job : jobs) start_if_first(job);
  }

  void start_if_first(const Job& job) {
    for (const std::int64_t crossbar : state(job.layer).crossbars) {
      const Job& first = queues_[static_cast<std::size_t>(crossbar)].front();
      if (first.layer != job.layer || first.sample != job.sample) return;
    }
    const std::int64_t at = now_ + durations_[static_cast<std::size_t>(job.layer)];
    ends_.emplace(at, num_started_++, job);
  }

  void end(const Job& job) {
    LayerState& at = state(job.layer);
    const std::vector<std::int64_t> freed = at.crossbars;
    for (const std::int64_t crossbar : freed) queues_[static_cast<std::size_t>(crossbar)].pop_front();
    std::vector<Job> candidates;
    for (const std::int64_t crossbar : freed) {
      const std::deque<Job>& queue = queues_[static_cast<std::size_t>(crossbar)];
      const auto is_known = [&](const Job& known) { return known.layer == queue.front().layer; };
      if (!queue.empty() && std::ranges::none_of(candidates, is_known)) candidates.push_back(queue.front());
    }
    for (const Job& candidate : candidates) start_if_first(candidate);
    at.store.insert(at.store.end(), at.held.begin(), at.held.end());
    at.held.clear();
    at.is_busy = false;
    serve_next(job.layer);
    if (job.layer + 1 < static_cast<std::int64_t>(mapping_.layers.size()))
      become_ready({.sample = job.sample, .layer = job.layer + 1});
    if (job.layer == 0 && job.sample + 1 < num_samples_) become_ready({.sample = job.sample + 1, .layer = 0});
  }

  struct Later {
    template <class Event>
    bool operator()(const Event& a, const Event& b) const {
      return std::tie(std::get<0>(a), std::get<1>(a)) > std::tie(std::get<0>(b), std::get<1>(b));
    }
  };
  using End = std::tuple<std::int64_t, std::int64_t, Job>;  ///< time, number, who

  const RncMapping& mapping_;
  std::int64_t num_samples_;
  SimultaneousOrder order_;
  std::vector<std::int64_t> durations_;
  std::vector<LayerState> states_;
  std::vector<std::deque<Job>> queues_;  ///< of each crossbar; the first has it, or will once it is first everywhere
  std::vector<Job> asking_;
  std::priority_queue<End, std::vector<End>, Later> ends_;
  std::int64_t num_started_ = 0;
  std::int64_t now_ = 0;
};

/// Blocks of one size of a layer: how many a copy has.
using SizeCounts = std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t>;

[[noreturn]] void fail(std::size_t layer, const std::string& problem) {
  throw UserError("layer " + std::to_string(layer) + ": " + problem);
}

/// Copies that the placed blocks are by their sizes, each with the blocks of `in_copy`.
std::int64_t whole_copies(std::size_t layer, const SizeCounts& in_copy, SizeCounts& placed) {
  const auto first = in_copy.find(placed.empty() ? SizeCounts::key_type{} : placed.begin()->first);
  const std::int64_t copies = first == in_copy.end() ? 0 : placed.begin()->second / first->second;
  for (const auto& [size, count] : in_copy) {
    if (copies < 1 || placed[size] != count * copies) {
      fail(layer, std::to_string(placed[size]) + " blocks of " + std::to_string(size.first) + "x" +
                      std::to_string(size.second) + ", allowed: a whole number of copies of " + std::to_string(count));
    }
  }
  if (placed.size() != in_copy.size()) fail(layer, "a block of another size is placed");
  return copies;
}

/// Copies that the placed blocks are by their area when the matrix may be cut anywhere, every copy alike.
std::int64_t whole_copies_by_area(std::size_t layer, std::int64_t matrix_area, const SizeCounts& placed) {
  std::int64_t area = 0;
  for (const auto& [size, count] : placed) {
    if (size.first > kCrossbarSide || size.second > kCrossbarSide) {
      fail(layer, "a block of " + std::to_string(size.first) + "x" + std::to_string(size.second) + ", allowed: at most " +
                      std::to_string(kCrossbarSide) + "x" + std::to_string(kCrossbarSide));
    }
    area += count * size.first * size.second;
  }
  const std::int64_t copies = area / matrix_area;
  const bool is_alike = copies >= 1 && std::ranges::all_of(placed, [&](const auto& each) { return each.second % copies == 0; });
  if (!is_alike || area % matrix_area != 0) {
    fail(layer, "blocks of " + std::to_string(area) + " weights, allowed: a whole number of equal copies of " +
                    std::to_string(matrix_area));
  }
  return copies;
}

RncMapping::Layer joined_layer(const RncLayer& layer, std::size_t index, const std::vector<RncPlacement>& placements,
                               std::int64_t depth_split, CutRule cuts) {
  SizeCounts in_copy;
  RncMapping::Layer result{.max_copies = layer.max_copies, .copies = {}};
  for (const RncBlock& block : rnc_blocks(layer, depth_split, kCrossbarSide, kCrossbarSide)) {
    ++in_copy[{block.rows, block.cols}];
    result.num_activations = std::max(result.num_activations, block.num_activations);
  }
  SizeCounts placed;
  for (const RncPlacement& placement : placements) {
    if (placement.layer == static_cast<std::int64_t>(index)) ++placed[{placement.rows, placement.cols}];
  }
  const bool is_cut_freely = cuts == CutRule::kFree && !layer.is_depthwise;
  const std::int64_t copies =
      is_cut_freely ? whole_copies_by_area(index, layer.rows * layer.cols, placed) : whole_copies(index, in_copy, placed);
  result.copies.resize(static_cast<std::size_t>(copies));
  SizeCounts seen;
  for (const RncPlacement& placement : placements) {
    if (placement.layer != static_cast<std::int64_t>(index)) continue;
    const std::int64_t copy = seen[{placement.rows, placement.cols}]++ % copies;
    result.copies[static_cast<std::size_t>(copy)].push_back(placement.crossbar);
  }
  return result;
}

}  // namespace

RncMapping rnc_mapping(const std::vector<RncLayer>& layers, const std::vector<RncPlacement>& placements,
                       std::int64_t depth_split, CutRule cuts) {
  RncMapping mapping;
  for (const RncPlacement& placement : placements) {
    if (placement.layer >= static_cast<std::int64_t>(layers.size()))
      throw UserError("layer " + std::to_string(placement.layer) + " of a placement, allowed: 0 to " +
                      std::to_string(layers.size() - 1));
    mapping.num_crossbars = std::max(mapping.num_crossbars, placement.crossbar + 1);
  }
  for (std::size_t i = 0; i < layers.size(); ++i)
    mapping.layers.push_back(joined_layer(layers[i], i, placements, depth_split, cuts));
  return mapping;
}

std::int64_t rnc_latency_activations(const RncMapping& mapping, std::int64_t num_samples, Leftover leftover,
                                     SimultaneousOrder order) {
  return Evaluation(mapping, num_samples, leftover, order).run();
}

std::int64_t rnc_ideal_activations(const RncMapping& mapping, std::int64_t num_samples, Leftover leftover) {
  std::int64_t sum = 0;
  std::int64_t longest = 0;
  for (const std::int64_t each : durations(mapping, leftover)) {
    sum += each;
    longest = std::max(longest, each);
  }
  return sum + (num_samples - 1) * longest;
}

std::int64_t rnc_load_bound_activations(const RncMapping& mapping, std::int64_t num_samples, Leftover leftover) {
  const std::vector<std::int64_t> each = durations(mapping, leftover);
  std::vector<std::int64_t> load(static_cast<std::size_t>(mapping.num_crossbars), 0);
  std::int64_t sum = 0;
  for (std::size_t layer = 0; layer < mapping.layers.size(); ++layer) {
    sum += each[layer];
    // Copies take turns; what a crossbar serves on average is the share of the copies in use that lie on it.
    std::map<std::int64_t, std::int64_t> copies_on;
    for (const std::vector<std::int64_t>& copy : mapping.layers[layer].copies) {
      std::vector<std::int64_t> crossbars = copy;
      std::ranges::sort(crossbars);
      crossbars.erase(std::unique(crossbars.begin(), crossbars.end()), crossbars.end());
      for (const std::int64_t crossbar : crossbars) ++copies_on[crossbar];
    }
    const auto num_copies = static_cast<std::int64_t>(mapping.layers[layer].copies.size());
    const bool are_all_in_use = copies_in_use(mapping.layers[layer]) == num_copies;
    for (const auto& [crossbar, count] : copies_on) {
      if (are_all_in_use || count == num_copies) load[static_cast<std::size_t>(crossbar)] += each[layer];
    }
  }
  const std::int64_t busiest = load.empty() ? 0 : std::ranges::max(load);
  return std::max({sum, num_samples * busiest, rnc_ideal_activations(mapping, num_samples, leftover)});
}

}  // namespace crossloom
