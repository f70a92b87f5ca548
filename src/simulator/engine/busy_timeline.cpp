#include "simulator/engine/busy_timeline.h"

#include <algorithm>

namespace crossloom {

void BusyTimeline::add_to_several(TimeFs start_fs, TimeFs hold_fs) {
  if (hold_fs == 0) return;
  const TimeFs end_fs = start_fs + hold_fs;
  while ((end_fs - 1) >> shift_ >= static_cast<TimeFs>(kNumBins)) widen();
  for (TimeFs from_fs = start_fs; from_fs < end_fs;) {
    const TimeFs bin = from_fs >> shift_;
    const TimeFs until_fs = std::min(end_fs, (bin + 1) << shift_);
    bins_[static_cast<std::size_t>(bin)] += until_fs - from_fs;
    from_fs = until_fs;
  }
}

void BusyTimeline::widen() {
  for (std::size_t i = 0; i < kNumBins / 2; ++i) bins_[i] = bins_[2 * i] + bins_[2 * i + 1];
  std::fill(bins_.begin() + kNumBins / 2, bins_.end(), 0);
  ++shift_;
}

}  // namespace crossloom
