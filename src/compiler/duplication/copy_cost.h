#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compiler/duplication/duplicate.h"
#include "simulator/program/layer_work.h"
#include "support/units.h"

namespace crossloom {

/// Time an image takes on a layer with `copies` copies: ceil(windows / copies) x window time.
[[nodiscard]] TimeFs layer_interval_fs(const LayerWork& work, std::int64_t copies);

/// The fewest copies with a shorter interval; `copies` < windows.
[[nodiscard]] std::int64_t next_shorter(const LayerWork& work, std::int64_t copies);

/// Whether this is throughput and nothing else.
[[nodiscard]] bool is_throughput(std::span<const ObjectiveTerm> objective);

/// What the objective of a problem says of copies, before they are packed:
/// - throughput: the longest interval of a layer, at least the floor, in ns;
/// - latency: the time of one image through layers that overlap, in ns: a layer begins when the layers before have done the
///   share of their windows that its first window needs, and goes on for its interval; the latest end counts. What copies do
///   not change (transfers, digital units, IO) is left out;
/// - crossbars: their number;
/// - energy: the static power of the chip over that latency, in pJ. The energy of activations does not change with copies, that
///   of transfers to more copies is left out.
/// A weighted sum takes each relative to one copy of each layer, which is 1.
class CopyCost {
 public:
  /// The problem must outlive the cost.
  explicit CopyCost(const DuplicationProblem& problem);

  /// O(layers + head starts).
  [[nodiscard]] double value(std::span<const std::int64_t> copies, std::int64_t num_crossbars) const;

  /// What a femtosecond of each layer's interval adds: on the slowest layer and on the critical path, else nothing. For other
  /// copies the sum of rates x intervals is never above the value, less its part for crossbars.
  [[nodiscard]] std::vector<double> rates(std::span<const std::int64_t> copies) const;

  /// What a crossbar adds.
  [[nodiscard]] double crossbar_rate() const { return crossbar_rate_; }
  /// What a femtosecond of the longest interval adds at least, whichever layer has it.
  [[nodiscard]] double interval_rate() const { return interval_rate_ + latency_rate_; }

 private:
  /// Start and end of each layer, and whose work its start waits for.
  struct Timeline {
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    std::vector<double> end_fs;
    std::vector<std::size_t> waits_for;  ///< place among the layer's head starts
    std::size_t last = kNone;            ///< layer that ends last
  };
  [[nodiscard]] Timeline timeline(std::span<const std::int64_t> copies) const;
  [[nodiscard]] TimeFs longest_interval(std::span<const std::int64_t> copies) const;

  const DuplicationProblem& problem_;
  double interval_rate_ = 0.0;  ///< a femtosecond of the longest interval
  double latency_rate_ = 0.0;   ///< a femtosecond of latency
  double crossbar_rate_ = 0.0;
};

}  // namespace crossloom
