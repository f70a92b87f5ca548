#pragma once

#include <cstdint>

#include "simulator/device/array_config.h"
#include "simulator/device/device_noise.h"
#include "simulator/device/real_matrix.h"
#include "support/random_stream.h"

namespace crossloom {

/// What writing cells took; cells are written one after another.
struct WriteEffort {
  std::int64_t num_pulses = 0;
  std::int64_t num_cells_off_target = 0;  ///< whose pulses were used up outside the tolerance
  double time_ns = 0.0;
  double energy_pj = 0.0;
  friend bool operator==(const WriteEffort&, const WriteEffort&) = default;
};

/// Conductances in units of g_max, as they are when the array is read: programmed (with verification), stuck, drifted. Every
/// cell's draws come from `random` in the order of the cells. `effort` is added to.
[[nodiscard]] RealMatrix program_cells(const RealMatrix& targets, const DeviceNoise& noise, const ArrayCell& cell,
                                       RandomStream random, WriteEffort& effort);

}  // namespace crossloom
