#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "simulator/device/array_config.h"
#include "simulator/device/device_noise.h"
#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// Range of a column's converter. Zero current is always a code. Full scale: a step is the current of one level and one input
/// digit, or as much more as the largest possible current needs. Fixed: as given, the same everywhere. Calibrated: as far as
/// the currents of noiseless cells on calibration images reach, one range a layer, or one a block.
enum class ConverterRange { kFullScale, kFixed, kCalibrated, kCalibratedByBlock };
[[nodiscard]] constexpr bool is_calibrated(ConverterRange range) {
  return range == ConverterRange::kCalibrated || range == ConverterRange::kCalibratedByBlock;
}
[[nodiscard]] std::span<const std::string_view> enum_names(ConverterRange);

/// Converters of an accuracy run; the resolution is the chip's `adc.bits`.
struct ConverterSettings {
  AdcModel model = AdcModel::kUniform;
  ConverterRange range = ConverterRange::kFullScale;
  double largest_levels = 0.0;           ///< fixed: largest current, in units of one level and one input digit
  double coverage_fraction = 1.0;        ///< calibrated: share of the currents that the range holds
  double mismatch_sigma_fraction = 0.0;  ///< as in ArrayAdc, device-to-device
  double offset_sigma_lsb = 0.0;
  double gain_sigma_fraction = 0.0;
  friend bool operator==(const ConverterSettings&, const ConverterSettings&) = default;
};

/// Which blocks of a crossbar are read at once. One block: an activation drives its rows alone and holds the others at 0 V, as
/// the simulator times it. Disjoint blocks: blocks without a row or column in common, and without weights where they cross, are
/// read at the same time; the unprogrammed cells where they cross leak.
enum class SharedReading { kOneBlock, kDisjointBlocks };
[[nodiscard]] std::span<const std::string_view> enum_names(SharedReading);

struct SharingSettings {
  SharedReading reading = SharedReading::kOneBlock;
  friend bool operator==(const SharingSettings&, const SharingSettings&) = default;
};

/// Everything analog about a chip that changes its numbers.
struct AnalogSettings {
  DeviceNoise device;
  ConverterSettings adc;
  ArrayWires wires;
  ArrayIv iv;
  SharingSettings sharing;
  friend bool operator==(const AnalogSettings&, const AnalogSettings&) = default;

  /// Whether two programmings, or two reads, of the same weights can differ.
  [[nodiscard]] bool is_stochastic() const;
};

/// The four figures of the chip's `noise:` section: normal programming error as a fraction of the target, stuck cells, normal
/// read noise as a fraction of the conductance; uniform converters with full scale, no wire resistance.
[[nodiscard]] AnalogSettings settings_of(const ChipConfig& chip);

/// The whole `noise:` section of a chip's file: its four figures, and any of the sections of a noise file (load_settings), each
/// with a `source:`. Throws UserError, also for a section beside a figure above 0 of the same effect.
[[nodiscard]] AnalogSettings load_chip_settings(const std::string& path, const ChipConfig& chip);

/// Throws UserError `source_name: ...` when the effects exclude each other or do not suit the chip: a programming model that
/// was not fitted for its cells, more stuck cells than there are, a converter without a code for zero, a curve behind wires.
void check_settings(const AnalogSettings& settings, const ChipConfig& chip, std::string_view source_name);

/// The cells of a chip as device models take them.
[[nodiscard]] ArrayCell cell_of(const ChipConfig& chip);

/// Reads a noise file (docs/devices.md) with, beside its device sections, optionally `adc` (model, range, coverage_fraction and
/// the three imperfections), `wires`, `iv` and `sharing`. It replaces the chip's `noise:` section. Throws UserError, also for a
/// model that was not fitted for the chip's cells.
[[nodiscard]] AnalogSettings load_settings(const std::string& path, const ChipConfig& chip);
[[nodiscard]] AnalogSettings parse_settings(std::string_view text, std::string_view source_name, const std::string& folder,
                                            const ChipConfig& chip);

/// Whether a key is one of the settings that `with_setting` knows.
[[nodiscard]] bool is_setting(std::string_view key);
/// The setting that an unknown key is probably a misspelling of; empty: none.
[[nodiscard]] std::string meant_setting(std::string_view key);

/// One setting replaced: `section.key` as a noise file has it. A magnitude of a section without a model selects
/// normal_proportional; `read_noise` stands for `read` too. Throws UserError `--sweep: key: ...`.
[[nodiscard]] AnalogSettings with_setting(AnalogSettings settings, const std::string& key, double value);

}  // namespace crossloom
