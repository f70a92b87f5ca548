#pragma once

#include <span>
#include <string_view>

#include "simulator/device/array_config.h"
#include "simulator/device/device_noise.h"

namespace crossloom {

/// A line of the table of read noise models: normal, drawn anew at each read; a read below 0 counts as 0.
struct ReadNoiseInfo {
  std::string_view name;
  std::string_view meaning;  ///< what the magnitude is a fraction of, and the source
  /// Standard deviation of a cell's conductance at a read.
  double (*sigma_siemens)(double conductance_siemens, const ReadNoise& noise, const ArrayCell& cell);
};

/// Every model, in the order of ReadNoiseModel.
[[nodiscard]] std::span<const ReadNoiseInfo> read_noise_models();

[[nodiscard]] const ReadNoiseInfo& info_of(ReadNoiseModel model);

/// What many reads of a cell come to, in units of g_max.
struct ReadMoments {
  double mean_shift = 0.0;  ///< mean less the conductance
  double variance = 0.0;
};

/// Moments of max(G + sigma Z, 0) with Z standard normal and a = G / sigma: mean G Phi(a) + sigma phi(a), mean square
/// (G^2 + sigma^2) Phi(a) + G sigma phi(a). Beyond a = 5 the clip moves neither by more than 1e-6 sigma and is left out. The
/// conductance and the result are in units of g_max.
[[nodiscard]] ReadMoments read_moments(double conductance, const ReadNoise& noise, const ArrayCell& cell);

}  // namespace crossloom
