#include "accuracy/analog_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include "simulator/device/array_fields.h"
#include "simulator/device/array_files.h"
#include "simulator/device/programming_models.h"
#include "support/config_reader.h"
#include "support/document.h"
#include "support/error.h"
#include "support/fields.h"

namespace crossloom {

template <class Self, class Visitor>
requires SameStruct<Self, SharingSettings>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"reading", "which blocks of a crossbar are read at once"}, self.reading);
}

namespace {

/// A number of the settings that a sweep can set.
struct Setting {
  std::string_view key;
  NumberRange range;
  double& (*value)(AnalogSettings& settings);
};

constexpr NumberRange kFraction{0.0, 1.0};
constexpr NumberRange kMagnitude{0.0, 10.0};
constexpr NumberRange kSeconds{0.0, 1e12};
constexpr NumberRange kCoefficient{0.0, 1e3};
constexpr NumberRange kLevels{1.0, 1e7};

constexpr std::array<Setting, 18> kSettings = {{
    {"programming.sigma_fraction", kMagnitude, [](AnalogSettings& s) -> double& { return s.device.programming.magnitude; }},
    {"stuck_at.hrs_fraction", kFraction, [](AnalogSettings& s) -> double& { return s.device.stuck_at.hrs_fraction; }},
    {"stuck_at.lrs_fraction", kFraction, [](AnalogSettings& s) -> double& { return s.device.stuck_at.lrs_fraction; }},
    {"drift.time_s", kSeconds, [](AnalogSettings& s) -> double& { return s.device.drift.time_s; }},
    {"drift.nu_mean", kFraction, [](AnalogSettings& s) -> double& { return s.device.drift.nu_mean; }},
    {"drift.nu_sigma", kFraction, [](AnalogSettings& s) -> double& { return s.device.drift.nu_sigma; }},
    {"read.sigma_fraction", kMagnitude, [](AnalogSettings& s) -> double& { return s.device.read.magnitude; }},
    {"read.time_s", kSeconds, [](AnalogSettings& s) -> double& { return s.device.read.time_s; }},
    {"adc.largest_levels", kLevels, [](AnalogSettings& s) -> double& { return s.adc.largest_levels; }},
    {"adc.coverage_fraction", kFraction, [](AnalogSettings& s) -> double& { return s.adc.coverage_fraction; }},
    {"adc.mismatch_sigma_fraction", kFraction, [](AnalogSettings& s) -> double& { return s.adc.mismatch_sigma_fraction; }},
    {"adc.offset_sigma_lsb", kMagnitude, [](AnalogSettings& s) -> double& { return s.adc.offset_sigma_lsb; }},
    {"adc.gain_sigma_fraction", kFraction, [](AnalogSettings& s) -> double& { return s.adc.gain_sigma_fraction; }},
    {"wires.row_ohm", array_bounds::kOhm, [](AnalogSettings& s) -> double& { return s.wires.row_ohm; }},
    {"wires.col_ohm", array_bounds::kOhm, [](AnalogSettings& s) -> double& { return s.wires.col_ohm; }},
    {"wires.row_terminal_ohm", array_bounds::kOhm, [](AnalogSettings& s) -> double& { return s.wires.row_terminal_ohm; }},
    {"wires.col_terminal_ohm", array_bounds::kOhm, [](AnalogSettings& s) -> double& { return s.wires.col_terminal_ohm; }},
    {"iv.coefficient", kCoefficient, [](AnalogSettings& s) -> double& { return s.iv.coefficient; }},
}};

/// `read_noise.` stands for `read.` too.
std::string short_name(std::string_view key) {
  constexpr std::string_view kLongName = "read_noise.";
  return key.starts_with(kLongName) ? "read." + std::string(key.substr(kLongName.size())) : std::string(key);
}

/// What the parts of the settings ask of each other and of the chip; empty when they fit.
std::string settings_problem(const AnalogSettings& settings, const ChipConfig& chip) {
  const StuckAt& stuck = settings.device.stuck_at;
  if (stuck.hrs_fraction + stuck.lrs_fraction > 1.0) return "stuck_at: more than all cells, allowed: at most 1 together";
  if (settings.adc.model == AdcModel::kSignMagnitude) {
    return "adc.model: sign_magnitude, allowed: none, uniform, sar, ramp (they have a code for zero and a sign)";
  }
  if (settings.iv.model != IvModel::kLinear && settings.wires.have_resistance()) {
    return "iv.model: with wires every read would take a nonlinear solution of the whole array, allowed: linear (mvm solves "
           "them)";
  }
  return programming_problem(settings.device.programming, cell_of(chip));
}

template <class Section>
void read_if_there(ConfigReader& reader, std::string_view name, Section& section) {
  if (!reader.has(name)) return;
  ConfigReader part = reader.section(name);
  section = read_fields<Section>(part);
}

void read_converters(ConfigReader reader, ConverterSettings& adc) {
  adc.model = static_cast<AdcModel>(reader.choice("model", enum_names(AdcModel{})));
  adc.range = static_cast<ConverterRange>(reader.choice("range", enum_names(ConverterRange{})));
  if (adc.range == ConverterRange::kFixed) adc.largest_levels = reader.number("largest_levels", kLevels);
  adc.coverage_fraction = reader.number("coverage_fraction", kFraction);
  adc.mismatch_sigma_fraction = reader.number("mismatch_sigma_fraction", kFraction);
  adc.offset_sigma_lsb = reader.number("offset_sigma_lsb", {0.0, 1e6});
  adc.gain_sigma_fraction = reader.number("gain_sigma_fraction", kFraction);
  reader.finish();
}

void read_circuit(ConfigReader& reader, AnalogSettings& settings) {
  if (reader.has("adc")) read_converters(reader.section("adc"), settings.adc);
  read_if_there(reader, "wires", settings.wires);
  read_if_there(reader, "iv", settings.iv);
  read_if_there(reader, "sharing", settings.sharing);
}

}  // namespace

std::span<const std::string_view> enum_names(SharedReading) {
  static constexpr std::array<std::string_view, 2> kNames = {"one_block", "disjoint_blocks"};
  return kNames;
}

std::span<const std::string_view> enum_names(ConverterRange) {
  static constexpr std::array<std::string_view, 4> kNames = {"full_scale", "fixed", "calibrated", "calibrated_by_block"};
  return kNames;
}

bool AnalogSettings::is_stochastic() const {
  const bool draws_programming =
      device.programming.model == ProgrammingModel::kMeasuredTable || device.programming.magnitude > 0.0;
  return (device.programming.model != ProgrammingModel::kNone && draws_programming) || device.stuck_at.hrs_fraction > 0.0 ||
         device.stuck_at.lrs_fraction > 0.0 ||
         (device.drift.time_s > device.drift.reference_time_s && device.drift.nu_sigma > 0.0) ||
         (device.read.model != ReadNoiseModel::kNone && device.read.magnitude > 0.0) || adc.mismatch_sigma_fraction > 0.0 ||
         adc.offset_sigma_lsb > 0.0 || adc.gain_sigma_fraction > 0.0;
}

AnalogSettings settings_of(const ChipConfig& chip) {
  AnalogSettings settings;
  const NoiseConfig& noise = chip.noise;
  if (noise.programming_sigma_fraction > 0.0) {
    settings.device.programming = {
        .model = ProgrammingModel::kNormalProportional, .magnitude = noise.programming_sigma_fraction, .table = {}};
  }
  settings.device.stuck_at = {.hrs_fraction = noise.stuck_at_hrs_fraction, .lrs_fraction = noise.stuck_at_lrs_fraction};
  if (noise.read_sigma_fraction > 0.0) {
    settings.device.read = {
        .model = ReadNoiseModel::kNormalProportional, .magnitude = noise.read_sigma_fraction, .time_s = 0.0};
  }
  return settings;
}

ArrayCell cell_of(const ChipConfig& chip) {
  return {.g_min_siemens = chip.cell.g_min_siemens,
          .g_max_siemens = chip.cell.g_max_siemens,
          .num_levels = std::int64_t{1} << chip.cell.bits_per_cell,
          .read_voltage_volt = chip.cell.read_voltage_volt};
}

AnalogSettings parse_settings(std::string_view text, std::string_view source_name, const std::string& folder,
                              const ChipConfig& chip) {
  const Document document = parse_yaml(text, source_name);
  ConfigReader reader(document, std::string(source_name));
  AnalogSettings settings;
  settings.device = read_device_noise(reader, folder);
  read_circuit(reader, settings);
  reader.finish();
  check_settings(settings, chip, source_name);
  return settings;
}

AnalogSettings load_settings(const std::string& path, const ChipConfig& chip) {
  return parse_settings(read_text_file(path), path, std::filesystem::path(path).parent_path().string(), chip);
}

AnalogSettings load_chip_settings(const std::string& path, const ChipConfig& chip) {
  const Document document = parse_yaml(read_text_file(path), path);
  ConfigReader file(document, path);
  file.require_note_in_sections("source");
  ConfigReader noise = file.section("noise");
  AnalogSettings settings = settings_of(chip);
  const AnalogSettings figures = settings;
  const DeviceNoise device = read_device_noise(noise, std::filesystem::path(path).parent_path().string());
  const auto take = [&](std::string_view section, auto DeviceNoise::*part) {
    if (!noise.has(section)) return;
    if (figures.device.*part != DeviceNoise().*part)
      noise.fail(section, "beside a figure of the same effect above 0, allowed: one of them");
    settings.device.*part = device.*part;
  };
  take("programming", &DeviceNoise::programming);
  take("write_verify", &DeviceNoise::write_verify);
  take("stuck_at", &DeviceNoise::stuck_at);
  take("drift", &DeviceNoise::drift);
  take("read", &DeviceNoise::read);
  read_circuit(noise, settings);
  check_settings(settings, chip, path + ": noise");
  return settings;
}

void check_settings(const AnalogSettings& settings, const ChipConfig& chip, std::string_view source_name) {
  const std::string problem = settings_problem(settings, chip);
  if (!problem.empty()) throw UserError(std::string(source_name) + ": " + problem);
}

bool is_setting(std::string_view key) {
  const std::string name = short_name(key);
  return std::ranges::find(kSettings, name, &Setting::key) != kSettings.end();
}

std::string meant_setting(std::string_view key) {
  std::vector<std::string_view> keys;
  keys.reserve(kSettings.size());
  for (const Setting& setting : kSettings) keys.push_back(setting.key);
  return did_you_mean(short_name(key), keys);
}

AnalogSettings with_setting(AnalogSettings settings, const std::string& key, double value) {
  const std::string name = short_name(key);
  const auto* setting = std::ranges::find(kSettings, name, &Setting::key);
  if (setting == kSettings.end()) {
    const std::string meant = meant_setting(key);
    throw UserError(fmt::format("--sweep: {}: unknown key{}", key, meant.empty() ? "" : " (did you mean " + meant + "?)"));
  }
  if (!(value >= setting->range.min && value <= setting->range.max)) {
    throw UserError(fmt::format("--sweep: {}: {}, allowed: {} to {}", key, value, setting->range.min, setting->range.max));
  }
  setting->value(settings) = value;
  const bool is_on = value > 0.0;
  if (is_on && name == "programming.sigma_fraction" && settings.device.programming.model == ProgrammingModel::kNone) {
    settings.device.programming.model = ProgrammingModel::kNormalProportional;
  }
  if (is_on && name == "read.sigma_fraction" && settings.device.read.model == ReadNoiseModel::kNone) {
    settings.device.read.model = ReadNoiseModel::kNormalProportional;
  }
  return settings;
}

}  // namespace crossloom
