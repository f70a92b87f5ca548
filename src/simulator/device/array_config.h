#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// One analog array and its converters, as `crossloom mvm --array FILE` describes it. Inside, conductances are in units of
/// g_max and voltages in units of the read voltage, so that currents are in units of g_max x read voltage.
namespace crossloom {

/// Differential one-sided: one cell of the pair holds the magnitude, the other stays at g_min. Two-sided: G+- = g_min +
/// (g_max - g_min)(1 +- w) / 2. Offset: one cell; the current of w = 0 is subtracted digitally.
enum class WeightPolarity { kDifferentialOneSided, kDifferentialTwoSided, kOffset };
[[nodiscard]] std::span<const std::string_view> enum_names(WeightPolarity);

/// Where a differential pair is subtracted: before the converter, or after it (then both lines are converted).
enum class PairSubtraction { kAnalog, kDigital };
[[nodiscard]] std::span<const std::string_view> enum_names(PairSubtraction);

/// Gain of the offset mapping without slices. Its weights span the levels 1 to L - 1, so that 0 is a level. Exact: divided by
/// that span, gain 1. Reference: divided by the span of all levels as CrossSim 3 does, gain (L - 2) / (L - 1).
enum class OffsetGain { kExact, kReference };
[[nodiscard]] std::span<const std::string_view> enum_names(OffsetGain);

/// Arithmetic of a target conductance. Exact: binary64. Binary32: 24 significant bits after each step, as CrossSim 3 computes
/// differential pairs without slices: a level is then off by up to 6e-8, and ties between levels fall differently.
enum class TargetPrecision { kExact, kBinary32 };
[[nodiscard]] std::span<const std::string_view> enum_names(TargetPrecision);

enum class DacEncoding { kUnsigned, kSignMagnitude };
[[nodiscard]] std::span<const std::string_view> enum_names(DacEncoding);

enum class AdcRange { kFixed, kMaximal, kCalibrated };
[[nodiscard]] std::span<const std::string_view> enum_names(AdcRange);

struct ArrayCell {
  double g_min_siemens = 0.0;
  double g_max_siemens = 1e-4;
  std::int64_t num_levels = 0;  ///< equally spaced conductances a cell can be set to; 0: any
  double read_voltage_volt = 0.1;
  friend bool operator==(const ArrayCell&, const ArrayCell&) = default;

  /// g_min in units of g_max.
  [[nodiscard]] double relative_min() const { return g_min_siemens / g_max_siemens; }
  [[nodiscard]] double relative_range() const { return 1.0 - relative_min(); }
};

struct ArrayWeights {
  double weight_max = 1.0;  ///< the weight that g_max stands for; larger ones are clipped
  WeightPolarity polarity = WeightPolarity::kDifferentialOneSided;
  PairSubtraction pair_subtraction = PairSubtraction::kAnalog;
  OffsetGain offset_gain = OffsetGain::kExact;
  TargetPrecision target_precision = TargetPrecision::kExact;
  std::int64_t num_slices = 1;
  std::int64_t weight_bits = 8;  ///< bits of a sliced weight, sign included; without slices the levels decide
  friend bool operator==(const ArrayWeights&, const ArrayWeights&) = default;
};

struct ArrayInputs {
  double input_max = 1.0;  ///< the input that the read voltage stands for; larger ones are clipped
  DacEncoding encoding = DacEncoding::kUnsigned;
  std::int64_t bits = 0;            ///< resolution of an input, sign included; 0: analog
  std::int64_t bits_per_phase = 0;  ///< input bits driven at once, least significant first; 0: all
  friend bool operator==(const ArrayInputs&, const ArrayInputs&) = default;
};

/// A range of currents in units of g_max x read voltage x one row.
struct CurrentRange {
  double low = 0.0;
  double high = 0.0;
  friend bool operator==(const CurrentRange&, const CurrentRange&) = default;
};

/// Names a converter model; the table is in analog/adc_models.h.
enum class AdcModel { kNone, kUniform, kSignMagnitude, kSar, kRamp };
[[nodiscard]] std::span<const std::string_view> enum_names(AdcModel);

struct ArrayAdc {
  AdcModel model = AdcModel::kNone;
  std::int64_t bits = 8;
  bool every_phase = true;  ///< convert after each phase, or once after the phases were added in analog
  AdcRange range = AdcRange::kMaximal;
  std::vector<CurrentRange> fixed_ranges = {};  ///< of each slice, or one for all
  double coverage_fraction = 1.0;               ///< of the calibration's currents that a calibrated range holds
  double mismatch_sigma_fraction = 0.0;  ///< device-to-device: of a unit capacitor (SAR) or of a step (ramp), a fraction of it
  double offset_sigma_lsb = 0.0;         ///< device-to-device: input offset of a column's converter in steps
  double gain_sigma_fraction = 0.0;      ///< device-to-device: gain error of a column's converter as a fraction
  friend bool operator==(const ArrayAdc&, const ArrayAdc&) = default;
};

/// Wires: an input line is driven before output line 0 through `row_terminal_ohm` and `row_ohm` a cell, the first included; an
/// output line ends behind the last input in `col_ohm` a cell and `col_terminal_ohm` to a virtual ground.
struct ArrayWires {
  double row_ohm = 0.0;
  double col_ohm = 0.0;
  double row_terminal_ohm = 0.0;
  double col_terminal_ohm = 0.0;
  friend bool operator==(const ArrayWires&, const ArrayWires&) = default;

  [[nodiscard]] bool have_resistance() const {
    return row_ohm > 0 || col_ohm > 0 || row_terminal_ohm > 0 || col_terminal_ohm > 0;
  }
};

/// Names a current-voltage curve; the table is in analog/iv_curves.h.
enum class IvModel { kLinear, kCubic, kSinh };
[[nodiscard]] std::span<const std::string_view> enum_names(IvModel);

struct ArrayIv {
  IvModel model = IvModel::kLinear;
  double coefficient = 0.0;  ///< cubic: a in I = G (V - a V^3), 1/V^2; sinh: k in I = G sinh(k V) / k, 1/V
  friend bool operator==(const ArrayIv&, const ArrayIv&) = default;
};

/// Largest array; a larger matrix is cut into a grid of them, each with its own converters, summed digitally. 0: as large as
/// the matrix.
struct ArrayGrid {
  std::int64_t max_rows = 0;  ///< input lines
  std::int64_t max_cols = 0;  ///< output lines
  friend bool operator==(const ArrayGrid&, const ArrayGrid&) = default;
};

struct ArrayConfig {
  ArrayCell cell;
  ArrayWeights weights;
  ArrayInputs inputs;
  ArrayAdc adc;
  ArrayWires wires;
  ArrayIv iv;
  ArrayGrid grid;
  friend bool operator==(const ArrayConfig&, const ArrayConfig&) = default;
};

/// What keeps the sections from fitting together, empty when nothing does.
[[nodiscard]] std::string array_problem(const ArrayConfig& array);

/// Largest integer an input stands for: 2^b - 1 unsigned, 2^(b-1) - 1 sign-magnitude; 0 for analog inputs.
[[nodiscard]] std::int64_t largest_input_code(const ArrayInputs& inputs);

/// Phases of an input: ceil(magnitude bits / bits_per_phase), 1 for analog inputs or when all bits are driven at once.
[[nodiscard]] std::int64_t num_phases(const ArrayInputs& inputs);

}  // namespace crossloom
