#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accuracy/analog_settings.h"
#include "accuracy/sweep_range.h"
#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// A chip and its analog effects at one value of a sweep.
struct SweepPoint {
  double value = 0.0;
  ChipConfig chip;
  AnalogSettings settings;
};

/// The points of a sweep over a key of the noise file (with_setting) or of the chip (with_overrides); one point without a
/// sweep. `noise_path`: the noise file, read anew for each chip; empty: the chip's own noise. Throws UserError: a key that is
/// neither, a value out of its range, noise that was not fitted for the cells of a chip.
[[nodiscard]] std::vector<SweepPoint> sweep_points(const ChipConfig& chip, const std::string& noise_path,
                                                   const std::optional<SweepRange>& sweep);

}  // namespace crossloom
