#include "compiler/duplication/exclusive_pipeline.h"

#include <algorithm>
#include <queue>
#include <tuple>

namespace crossloom {
namespace {

class ExclusivePipeline {
 public:
  ExclusivePipeline(std::span<const std::int64_t> turns, std::span<const std::pair<std::size_t, std::size_t>> exclusions,
                    std::int64_t num_inputs)
      : turns_(turns), num_inputs_(num_inputs), layers_(turns.size()) {
    for (const auto& [a, b] : exclusions) {
      layers_[a].excluded.push_back(b);
      layers_[b].excluded.push_back(a);
    }
  }

  [[nodiscard]] std::int64_t run() {
    become_ready(0);
    while (!ends_.empty()) {
      const End end = ends_.top();
      ends_.pop();
      now_ = end.time;
      finish(end.layer);
    }
    return now_;
  }

 private:
  struct LayerState {
    std::vector<std::size_t> excluded;
    std::int64_t free_from = 0;    ///< end of the work asked for last
    std::int64_t num_waiting = 0;  ///< inputs; they are served in their order
    std::int64_t num_done = 0;
    bool is_busy = false;
  };
  struct End {
    std::int64_t time = 0;
    std::int64_t begin = 0;
    std::int64_t number = 0;
    std::size_t layer = 0;
    /// The queue has its largest on top: here the earliest.
    bool operator<(const End& other) const {
      return std::tie(time, begin, number) > std::tie(other.time, other.begin, other.number);
    }
  };

  void become_ready(std::size_t layer) {
    ++layers_[layer].num_waiting;
    serve_next(layer);
  }

  /// Who asks knows at once when it may begin: all it waits for has asked before.
  void serve_next(std::size_t layer) {
    LayerState& at = layers_[layer];
    if (at.is_busy || at.num_waiting == 0) return;
    at.is_busy = true;
    --at.num_waiting;
    std::int64_t begin = now_;
    for (const std::size_t other : at.excluded) begin = std::max(begin, layers_[other].free_from);
    at.free_from = begin + turns_[layer];
    ends_.push({.time = at.free_from, .begin = begin, .number = num_asked_++, .layer = layer});
  }

  void finish(std::size_t layer) {
    LayerState& at = layers_[layer];
    at.is_busy = false;
    ++at.num_done;
    serve_next(layer);
    if (layer + 1 < layers_.size()) become_ready(layer + 1);
    if (layer == 0 && at.num_done < num_inputs_) become_ready(0);
  }

  std::span<const std::int64_t> turns_;
  std::int64_t num_inputs_;
  std::vector<LayerState> layers_;
  std::priority_queue<End> ends_;
  std::int64_t now_ = 0;
  std::int64_t num_asked_ = 0;
};

}  // namespace

std::int64_t exclusive_pipeline_turns(std::span<const std::int64_t> turns,
                                      std::span<const std::pair<std::size_t, std::size_t>> exclusions,
                                      std::int64_t num_inputs) {
  if (turns.empty() || num_inputs < 1) return 0;
  return ExclusivePipeline(turns, exclusions, num_inputs).run();
}

}  // namespace crossloom
