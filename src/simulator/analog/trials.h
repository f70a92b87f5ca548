#pragma once

#include <cstdint>

#include "simulator/analog/analog_matrix.h"

namespace crossloom {

/// Outputs of repeated programming and reading.
struct TrialResults {
  RealMatrix ideal;      ///< without device noise, vectors x outputs
  RealMatrix outputs;    ///< of the first trial
  RealMatrix mean;       ///< over the trials
  RealMatrix deviation;  ///< standard deviation over the trials, of the sample; 0 for one trial
  RangeUse range_use;
  WriteEffort write_effort;  ///< of the first trial
  std::int64_t num_arrays = 0;
};

/// Programs `weights` anew in each trial and reads `inputs` (vectors x inputs). Calibrated ranges are found on `inputs`, once a
/// trial. The same seed gives the same bytes whatever `num_threads` is. Throws what AnalogMatrix throws.
[[nodiscard]] TrialResults run_trials(const RealMatrix& weights, const RealMatrix& inputs, const ArrayConfig& array,
                                      const DeviceNoise& noise, std::uint64_t seed, std::int64_t num_trials,
                                      std::int64_t num_threads);

}  // namespace crossloom
