#pragma once

#include <string>
#include <vector>

#include "accuracy/analog_settings.h"
#include "accuracy/sweep_range.h"
#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// Where analog effects come from.
struct NoiseSource {
  std::string chip_file = {};   ///< a chip's YAML file: its `noise:` section; empty: the chip's four figures alone
  std::string noise_file = {};  ///< replaces the chip's noise; empty: none
};

/// A chip and its analog effects at one point of a sweep.
struct SweepPoint {
  std::vector<double> values = {};  ///< of the swept parameters
  ChipConfig chip;
  AnalogSettings settings;
};

/// The points of a sweep over keys of the noise file (with_setting) or of the chip (with_overrides): every value of the first
/// with every value of the second, and so on, the last one fastest; one point without a sweep. The noise is read anew for each
/// chip. Throws UserError: a key that is neither or is swept twice, a value out of its range, noise that was not fitted for the
/// cells of a chip, effects that exclude each other.
[[nodiscard]] std::vector<SweepPoint> sweep_points(const ChipConfig& chip, const NoiseSource& noise,
                                                   const std::vector<SweepRange>& sweeps);

}  // namespace crossloom
