#pragma once

#include <array>
#include <cstddef>

#include "support/units.h"

namespace crossloom {

/// Busy time of all instances of one kind of resource, in bins of equal width. The width starts at 2^20 fs and doubles, merging
/// neighbours, whenever time runs past the last bin: memory stays the same for any run, and no busy time is lost.
class BusyTimeline {
 public:
  static constexpr std::size_t kNumBins = 64;

  /// An instance is taken from `start_fs` (>= 0) for `hold_fs` (>= 0). Constant time, but for one that covers several bins.
  void add(TimeFs start_fs, TimeFs hold_fs) {
    const auto first = static_cast<std::size_t>(start_fs >> shift_);
    if (first < kNumBins && (start_fs + hold_fs) >> shift_ == start_fs >> shift_) {
      bins_[first] += hold_fs;
    } else {
      add_to_several(start_fs, hold_fs);
    }
  }

  /// Doubles the width until it is at least that of `other`.
  void widen_to(const BusyTimeline& other) {
    while (shift_ < other.shift_) widen();
  }

  [[nodiscard]] TimeFs bin_fs() const { return TimeFs{1} << shift_; }
  /// Busy time of bin i, which covers [i, i + 1) x bin_fs, summed over instances.
  [[nodiscard]] const std::array<TimeSumFs, kNumBins>& bins() const { return bins_; }
  friend bool operator==(const BusyTimeline&, const BusyTimeline&) = default;

 private:
  void add_to_several(TimeFs start_fs, TimeFs hold_fs);
  void widen();

  int shift_ = 20;
  std::array<TimeSumFs, kNumBins> bins_{};
};

}  // namespace crossloom
