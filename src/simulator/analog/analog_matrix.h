#pragma once

#include <cstdint>
#include <vector>

#include "simulator/analog/converted_lines.h"
#include "simulator/device/array_config.h"
#include "simulator/device/device_noise.h"
#include "simulator/device/program_cells.h"
#include "simulator/device/real_matrix.h"
#include "simulator/device/weight_mapping.h"

namespace crossloom {

/// Which draws a programmed matrix takes: independent for every layer and trial.
struct AnalogDraws {
  std::uint64_t seed = 0;
  std::uint64_t layer = 0;
  std::uint64_t trial = 0;
};

/// A weight matrix in an array, or a grid of arrays when it is larger than one: mapped, programmed with its device noise, seen
/// through the wires, read through DACs and ADCs.
class AnalogMatrix {
 public:
  /// Programs `weights` (outputs x inputs). Throws UserError when the array's sections do not fit together, a noise model does
  /// not know the range of the cells, a weight is not finite.
  AnalogMatrix(const RealMatrix& weights, const ArrayConfig& array, const DeviceNoise& noise, const AnalogDraws& draws,
               std::int64_t num_threads = 1);

  /// Sets calibrated ranges from the currents of these inputs (vectors x inputs), read without noise. Does nothing for other
  /// ranges.
  void calibrate(const RealMatrix& inputs, std::int64_t num_threads = 1);

  /// Products of `inputs` (vectors x inputs), as vectors x outputs. Read noise is drawn for each vector by its index and
  /// `read_trial`; the result does not depend on `num_threads`. Throws UserError when the number of inputs differs, an input is
  /// not finite, nonlinear cells have no solution; InternalError when a calibrated range was never calibrated.
  [[nodiscard]] RealMatrix multiply(const RealMatrix& inputs, std::uint64_t read_trial = 0, std::int64_t num_threads = 1) const;

  [[nodiscard]] const RangeUse& range_use() const { return range_use_; }
  [[nodiscard]] const WriteEffort& write_effort() const { return write_effort_; }
  /// Physical arrays: grid x slices x polarities.
  [[nodiscard]] std::int64_t num_arrays() const { return num_arrays_; }

 private:
  void make_lines(const RealMatrix& weights, const DeviceNoise& noise, std::int64_t num_threads);
  void check_inputs(const RealMatrix& inputs) const;

  ArrayConfig array_;
  AnalogDraws draws_;
  std::int64_t num_inputs_ = 0;
  std::int64_t num_outputs_ = 0;
  std::int64_t num_arrays_ = 0;
  double offset_per_input_ = 0.0;
  RangeUse range_use_;
  WriteEffort write_effort_;
  std::vector<ConvertedLines> lines_;
};

}  // namespace crossloom
