#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "simulator/device/measured_table.h"

/// Imperfections of the cells: what a `--noise` file or a chip's `noise:` section holds. Every magnitude at zero is the
/// identity.
namespace crossloom {

/// How a programmed conductance misses its target; device/programming_models.h has the table.
enum class ProgrammingModel {
  kNone,
  kNormalIndependent,
  kNormalProportional,
  kNormalInverse,
  kLognormal,
  kRramMilo,
  kRramWan,
  kPcmJoshi,
  kMeasuredTable,
};
[[nodiscard]] std::span<const std::string_view> enum_names(ProgrammingModel);

/// How a conductance fluctuates from read to read; device/read_noise.h has the table.
enum class ReadNoiseModel { kNone, kNormalIndependent, kNormalProportional, kOneOverF };
[[nodiscard]] std::span<const std::string_view> enum_names(ReadNoiseModel);

/// Drawn once a programming for each cell (device-to-device).
struct ProgrammingNoise {
  ProgrammingModel model = ProgrammingModel::kNone;
  double magnitude = 0.0;  ///< a fraction; of what, the model's table line says
  MeasuredTable table = {};
  friend bool operator==(const ProgrammingNoise&, const ProgrammingNoise&) = default;
};

/// A cell is programmed anew until it lies within the tolerance or the pulses are used up. Off while max_pulses is 0.
struct WriteVerify {
  std::int64_t max_pulses = 0;
  double tolerance_fraction = 0.0;  ///< of g_max - g_min, to either side of the target
  double pulse_ns = 0.0;
  double pulse_energy_pj = 0.0;
  friend bool operator==(const WriteVerify&, const WriteVerify&) = default;
};

/// Shares of the cells, drawn once a programming (device-to-device), that stay at g_min or g_max.
struct StuckAt {
  double hrs_fraction = 0.0;  ///< at g_min (high-resistance state)
  double lrs_fraction = 0.0;  ///< at g_max (low-resistance state)
  friend bool operator==(const StuckAt&, const StuckAt&) = default;
};

/// Retention: G(t) = G(t0) (t / t0)^-nu for t > t0, with nu drawn once a cell (device-to-device), normal, clipped at 0.
struct Drift {
  double time_s = 0.0;            ///< since programming
  double reference_time_s = 1.0;  ///< t0
  double nu_mean = 0.0;
  double nu_sigma = 0.0;
  friend bool operator==(const Drift&, const Drift&) = default;
};

/// Drawn anew at each read (cycle-to-cycle).
struct ReadNoise {
  ReadNoiseModel model = ReadNoiseModel::kNone;
  double magnitude = 0.0;  ///< a fraction; of what, the model's table line says
  double time_s = 0.0;     ///< since programming; one_over_f only
  friend bool operator==(const ReadNoise&, const ReadNoise&) = default;
};

struct DeviceNoise {
  ProgrammingNoise programming;
  WriteVerify write_verify;
  StuckAt stuck_at;
  Drift drift;
  ReadNoise read;
  friend bool operator==(const DeviceNoise&, const DeviceNoise&) = default;
};

}  // namespace crossloom
