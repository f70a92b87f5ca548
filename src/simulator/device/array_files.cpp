#include "simulator/device/array_files.h"

#include <filesystem>

#include "simulator/device/array_fields.h"
#include "simulator/device/programming_models.h"
#include "simulator/device/read_noise.h"
#include "support/config_reader.h"
#include "support/document.h"
#include "support/error.h"

namespace crossloom {
namespace {

template <class Section>
void read_section(ConfigReader& reader, std::string_view name, Section& section) {
  ConfigReader part = reader.section(name);
  section = read_fields<Section>(part);
}

template <class Section>
void read_if_there(ConfigReader& reader, std::string_view name, Section& section) {
  if (reader.has(name)) read_section(reader, name, section);
}

constexpr NumberRange kFraction{0.0, 1.0};
constexpr NumberRange kMagnitude{0.0, 10.0};
constexpr NumberRange kSeconds{0.0, 1e12};

void read_programming(ConfigReader reader, const std::string& folder, ProgrammingNoise& noise) {
  noise.model = static_cast<ProgrammingModel>(reader.choice("model", enum_names(ProgrammingModel{})));
  const ProgrammingModelInfo& info = info_of(noise.model);
  if (!info.magnitude_key.empty()) noise.magnitude = reader.number(info.magnitude_key, kMagnitude);
  if (noise.model == ProgrammingModel::kMeasuredTable) {
    const std::string path = (std::filesystem::path(folder) / reader.text("file")).string();
    noise.table = parse_measured_table(read_text_file(path), path);
  }
  reader.finish();
}

void read_write_verify(ConfigReader reader, WriteVerify& verify) {
  verify.max_pulses = reader.integer("max_pulses", {1, 1'000'000});
  verify.tolerance_fraction = reader.number("tolerance_fraction", kFraction);
  verify.pulse_ns = reader.number("pulse_ns", {0.0, 1e9});
  verify.pulse_energy_pj = reader.number("pulse_energy_pj", {0.0, 1e9});
  reader.finish();
}

void read_stuck_at(ConfigReader reader, StuckAt& stuck) {
  stuck.hrs_fraction = reader.number("hrs_fraction", kFraction);
  stuck.lrs_fraction = reader.number("lrs_fraction", kFraction);
  if (stuck.hrs_fraction + stuck.lrs_fraction > 1.0)
    reader.fail("lrs_fraction", "and hrs_fraction together, allowed: at most 1");
  reader.finish();
}

void read_drift(ConfigReader reader, Drift& drift) {
  drift.time_s = reader.number("time_s", kSeconds);
  drift.reference_time_s = reader.number("reference_time_s", {1e-9, 1e12});
  drift.nu_mean = reader.number("nu_mean", kFraction);
  drift.nu_sigma = reader.number("nu_sigma", kFraction);
  reader.finish();
}

void read_read_noise(ConfigReader reader, ReadNoise& noise) {
  noise.model = static_cast<ReadNoiseModel>(reader.choice("model", enum_names(ReadNoiseModel{})));
  if (noise.model != ReadNoiseModel::kNone) noise.magnitude = reader.number("sigma_fraction", kMagnitude);
  if (noise.model == ReadNoiseModel::kOneOverF) noise.time_s = reader.number("time_s", kSeconds);
  reader.finish();
}

}  // namespace

ArrayConfig parse_array_yaml(std::string_view text, std::string_view source_name) {
  const Document document = parse_yaml(text, source_name);
  ConfigReader reader(document, std::string(source_name));
  ArrayConfig array;
  read_section(reader, "cell", array.cell);
  read_section(reader, "weights", array.weights);
  read_section(reader, "inputs", array.inputs);
  read_if_there(reader, "adc", array.adc);
  read_if_there(reader, "wires", array.wires);
  read_if_there(reader, "iv", array.iv);
  read_if_there(reader, "grid", array.grid);
  reader.finish();
  const std::string problem = array_problem(array);
  if (!problem.empty()) throw UserError(std::string(source_name) + ": " + problem);
  return array;
}

ArrayConfig load_array(const std::string& path) { return parse_array_yaml(read_text_file(path), path); }

DeviceNoise read_device_noise(ConfigReader& reader, const std::string& folder) {
  DeviceNoise noise;
  if (reader.has("programming")) read_programming(reader.section("programming"), folder, noise.programming);
  if (reader.has("write_verify")) read_write_verify(reader.section("write_verify"), noise.write_verify);
  if (reader.has("stuck_at")) read_stuck_at(reader.section("stuck_at"), noise.stuck_at);
  if (reader.has("drift")) read_drift(reader.section("drift"), noise.drift);
  if (reader.has("read")) read_read_noise(reader.section("read"), noise.read);
  return noise;
}

DeviceNoise parse_noise_yaml(std::string_view text, std::string_view source_name, const std::string& folder) {
  const Document document = parse_yaml(text, source_name);
  ConfigReader reader(document, std::string(source_name));
  DeviceNoise noise = read_device_noise(reader, folder);
  reader.finish();
  return noise;
}

DeviceNoise load_noise(const std::string& path) {
  return parse_noise_yaml(read_text_file(path), path, std::filesystem::path(path).parent_path().string());
}

}  // namespace crossloom
