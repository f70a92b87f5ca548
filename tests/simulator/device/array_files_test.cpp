#include "simulator/device/array_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/error_message.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

const std::string kArray = R"(
cell: {g_min_siemens: 1e-5, g_max_siemens: 1e-4, num_levels: 4, read_voltage_volt: 0.2}
weights: {weight_max: 2, polarity: offset, pair_subtraction: digital, offset_gain: reference, target_precision: exact,
          num_slices: 4, weight_bits: 8}
inputs: {input_max: 3, encoding: sign_magnitude, bits: 8, bits_per_phase: 1}
)";

TEST(ArrayFiles, MissingSectionsAreIdeal) {
  const ArrayConfig array = parse_array_yaml(kArray, "a.yaml");
  EXPECT_EQ(array.weights.polarity, WeightPolarity::kOffset);
  EXPECT_EQ(array.inputs.encoding, DacEncoding::kSignMagnitude);
  EXPECT_EQ(array.adc.model, AdcModel::kNone);
  EXPECT_FALSE(array.wires.have_resistance());
  EXPECT_EQ(array.iv.model, IvModel::kLinear);
}

TEST(ArrayFiles, ReadARangeASlice) {
  const ArrayConfig array = parse_array_yaml(kArray + R"(
adc: {model: ramp, bits: 6, every_phase: false, range: fixed,
      fixed_ranges: [{low: 0, high: 1}, {low: 0, high: 2}, {low: 0, high: 3}, {low: 0, high: 4}],
      coverage_fraction: 1, mismatch_sigma_fraction: 0.1, offset_sigma_lsb: 0.5, gain_sigma_fraction: 0.02}
)",
                                             "a.yaml");
  EXPECT_EQ(array.adc.fixed_ranges[3], (CurrentRange{0.0, 4.0}));
  EXPECT_FALSE(array.adc.every_phase);
}

TEST(ArrayFiles, ReadEveryKindOfNoise) {
  const DeviceNoise noise = parse_noise_yaml(R"(
programming: {model: rram_milo, sigma_scale_fraction: 1}
write_verify: {max_pulses: 5, tolerance_fraction: 0.02, pulse_ns: 10, pulse_energy_pj: 1}
stuck_at: {hrs_fraction: 0.01, lrs_fraction: 0.02}
drift: {time_s: 100, reference_time_s: 20, nu_mean: 0.05, nu_sigma: 0.01}
read: {model: one_over_f, sigma_fraction: 0.01, time_s: 100}
)",
                                             "n.yaml", ".");
  EXPECT_EQ(noise.programming.model, ProgrammingModel::kRramMilo);
  EXPECT_EQ(noise.write_verify.max_pulses, 5);
  EXPECT_EQ(noise.stuck_at.lrs_fraction, 0.02);
  EXPECT_EQ(noise.drift.nu_sigma, 0.01);
  EXPECT_EQ(noise.read.time_s, 100.0);
}

TEST(ArrayFiles, ATableOfMeasurementsLiesBesideTheNoiseFile) {
  const ScratchFolder folder;
  static_cast<void>(folder.file("table.csv", "target_siemens,mean_siemens,sigma_siemens\n1e-5,1e-5,1e-6\n1e-4,1e-4,1e-6\n"));
  const DeviceNoise noise =
      load_noise(folder.file("n.yaml", "programming: {model: measured_table, deviation_scale_fraction: 1, file: table.csv}\n"));
  EXPECT_EQ(noise.programming.table.targets.size(), 2U);
}

TEST(ArrayFilesErrors, NameTheLineAndTheKey) {
  const auto array_error = [](const std::string& text) { return user_error([&] { return parse_array_yaml(text, "a.yaml"); }); };
  EXPECT_EQ(array_error("cell: {g_min_siemens: 2}"), "a.yaml:1: cell.g_min_siemens: 2, allowed: a finite number from 0 to 1");
  EXPECT_THAT(array_error(kArray + "wire: {}\n"), testing::HasSubstr("wire: unknown key (did you mean wires?)"));
  const auto noise_error = [](const std::string& text) {
    return user_error([&] { return parse_noise_yaml(text, "n.yaml", "."); });
  };
  EXPECT_THAT(noise_error("read: {model: normal_independant, sigma_fraction: 1}"), testing::HasSubstr("normal_independent"));
  EXPECT_THAT(noise_error("programming: {model: lognormal}"), testing::HasSubstr("programming.sigma_fraction: is missing"));
  EXPECT_THAT(noise_error("stuck_at: {hrs_fraction: 0.6, lrs_fraction: 0.6}"), testing::HasSubstr("stuck_at.lrs_fraction"));
}

}  // namespace
}  // namespace crossloom
