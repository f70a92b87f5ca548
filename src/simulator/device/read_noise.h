#pragma once

#include <span>
#include <string_view>

#include "simulator/device/array_config.h"
#include "simulator/device/device_noise.h"

namespace crossloom {

/// A line of the table of read noise models: normal, of mean 0, drawn anew at each read, not clipped.
struct ReadNoiseInfo {
  std::string_view name;
  std::string_view meaning;  ///< what the magnitude is a fraction of, and the source
  /// Standard deviation of a cell's conductance at a read.
  double (*sigma_siemens)(double conductance_siemens, const ReadNoise& noise, const ArrayCell& cell);
};

/// Every model, in the order of ReadNoiseModel.
[[nodiscard]] std::span<const ReadNoiseInfo> read_noise_models();

[[nodiscard]] const ReadNoiseInfo& info_of(ReadNoiseModel model);

}  // namespace crossloom
