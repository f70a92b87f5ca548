#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "simulator/analog/conversion_kernels.h"
#include "simulator/device/array_config.h"
#include "support/random_stream.h"

namespace crossloom {

/// A line of the table of converters, in the order of AdcModel.
struct AdcModelInfo {
  std::string_view name;
  std::string_view meaning;
};
[[nodiscard]] std::span<const AdcModelInfo> adc_models();

/// The converters of an array, one a converted output line. A current I in [low, high] becomes code rint((I - low) s), halves
/// to even, and stands for code / s + low, with s = (2^bits - 1) / (high - low), sign-magnitude (2^bits - 2) / (high - low).
/// Currents outside are clipped. Imperfections are drawn once (device-to-device): offset and gain of the input, and
/// - SAR: unit capacitors off by a normal fraction, so that the weight of bit i is 2^i (1 + mismatch / sqrt(2^i) z);
/// - ramp: each step of the ramp off by a normal fraction; both ramps end at the full scale.
class Converters {
 public:
  Converters() = default;
  Converters(const ArrayAdc& adc, CurrentRange range, std::int64_t num_lines, RandomStream random);

  /// Converts the currents of all lines in place.
  void convert(std::span<double> currents) const;
  /// sum[line] += weight x the converted current of the line; `currents` may be changed.
  void add_converted(std::span<double> currents, double weight, double* sum) const;
  /// The same for currents that are whole numbers of level steps.
  void add_converted(std::span<const std::int32_t> sums, const WholeUnits& units, double weight, double* sum) const;

 private:
  [[nodiscard]] double distorted(double current, std::size_t line) const;
  [[nodiscard]] double sar_code(double steps, std::size_t line) const;
  [[nodiscard]] double ramp_code(double steps, std::size_t line) const;
  void draw_thresholds(const ArrayAdc& adc, RandomStream& random);

  AdcModel model_ = AdcModel::kNone;
  CurrentRange range_;
  double num_steps_ = 0.0;
  std::int64_t bits_ = 0;
  bool is_perfect_ = true;
  std::vector<double> offsets_ = {};              ///< a line, in steps
  std::vector<double> gains_ = {};                ///< a line
  std::vector<std::vector<double>> levels_ = {};  ///< a line: weights of the bits (SAR) or ends of the steps (ramp), in steps
};

/// The range in which a share `coverage_fraction` of `currents` lies: [-q, q] when some are negative, else [0, q].
[[nodiscard]] CurrentRange calibrated_range(std::vector<double> currents, double coverage_fraction);

}  // namespace crossloom
