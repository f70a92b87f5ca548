#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "simulator/hardware/chip_fields.h"
#include "simulator/hardware/chip_yaml.h"
#include "support/data_folder.h"
#include "support/document.h"
#include "support/error.h"
#include "tests/simulator/hardware/round_chip.h"

namespace crossloom {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

/// The text of isaac-ce.yaml with one piece of it replaced, and the line that piece begins in.
struct EditedPreset {
  EditedPreset(const std::string& before, const std::string& after)
      : text(read_text_file(data_folder() + "/configs/crossbars/isaac-ce.yaml")) {
    const std::size_t at = text.find(before);
    if (at == std::string::npos) throw InternalError("isaac-ce.yaml does not contain " + before);
    line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    text.replace(at, before.size(), after);
  }

  [[nodiscard]] auto parsing() const {
    return [this] { static_cast<void>(parse_chip_yaml(text, "a.yaml")); };
  }
  [[nodiscard]] std::string located(const std::string& message) const {
    return "a.yaml:" + std::to_string(line) + ": " + message;
  }

  std::string text;
  std::int64_t line = 0;
};

TEST(ChipYamlErrors, UnknownKeyNamesTheNearest) {
  const EditedPreset preset("samples_per_s: 1.28e9", "samples_per_s: 1.28e9\n  colums_per_adc: 1");
  EXPECT_THAT(preset.parsing(), ThrowsMessage<UserError>(AllOf(StartsWith("a.yaml:" + std::to_string(preset.line + 1) +
                                                                          ": adc.colums_per_adc: unknown key"),
                                                               HasSubstr("(did you mean columns_per_adc?)"))));
}

TEST(ChipYamlErrors, RepeatedKey) {
  const EditedPreset preset("samples_per_s: 1.28e9", "samples_per_s: 1.28e9\n  samples_per_s: 1.2e9");
  EXPECT_THAT(preset.parsing(), ThrowsMessage<UserError>(AllOf(StartsWith("a.yaml:" + std::to_string(preset.line + 1) + ": "),
                                                               HasSubstr("samples_per_s"))));
}

TEST(ChipYamlErrors, MissingKey) {
  const EditedPreset preset("  samples_per_s: 1.28e9\n", "");
  EXPECT_THAT(
      preset.parsing(),
      ThrowsMessage<UserError>(HasSubstr("adc.samples_per_s: is missing, allowed: an integer from 1000 to 1000000000000")));
}

TEST(ChipYamlErrors, OptionalSectionThatIsThereNeedsItsKeysAndItsSource) {
  const EditedPreset without_key("noise:", "dram:\n  source: none\n  bits_per_s: 1e9\nnoise:");
  EXPECT_THAT(without_key.parsing(),
              ThrowsMessage<UserError>(HasSubstr("dram.latency_ns: is missing, allowed: a finite number from 0 to 1e+06")));
  const EditedPreset out_of_range("noise:", "dram:\n  bits_per_s: 1\nnoise:");
  EXPECT_THAT(out_of_range.parsing(), ThrowsMessage<UserError>("a.yaml:" + std::to_string(out_of_range.line + 1) +
                                                               ": dram.bits_per_s: 1, allowed: an integer from 1000 to "
                                                               "1000000000000000"));
}

TEST(ChipYamlErrors, MisspelledOptionalSectionNamesIt) {
  const EditedPreset preset("noise:", "dran:\n  source: none\nnoise:");
  EXPECT_THAT(preset.parsing(), ThrowsMessage<UserError>(preset.located("dran: unknown key (did you mean dram?)")));
}

TEST(ChipYamlErrors, ZeroRows) {
  const EditedPreset preset("rows: 128", "rows: 0");
  EXPECT_THAT(preset.parsing(),
              ThrowsMessage<UserError>(preset.located("crossbar.rows: 0, allowed: an integer from 1 to 65536")));
}

TEST(ChipYamlErrors, NumberOutsideItsBounds) {
  const EditedPreset preset("read_ns: 100", "read_ns: -1");
  EXPECT_THAT(preset.parsing(),
              ThrowsMessage<UserError>(preset.located("crossbar.read_ns: -1, allowed: a finite number from 0.001 to 1e+06")));
}

TEST(ChipYamlErrors, NotANumber) {
  const EditedPreset preset("read_ns: 100", "read_ns: .nan");
  EXPECT_THAT(preset.parsing(),
              ThrowsMessage<UserError>(preset.located("crossbar.read_ns: .nan, allowed: a finite number from 0.001 to 1e+06")));
}

TEST(ChipYamlErrors, IntegerBeyond64Bits) {
  const EditedPreset preset("capacity_bytes: 65_536", "capacity_bytes: 1e30");
  EXPECT_THAT(preset.parsing(), ThrowsMessage<UserError>(preset.located(
                                    "tile.buffer.capacity_bytes: 1e30, allowed: an integer from 1 to 1099511627776")));
}

TEST(ChipYamlErrors, UnknownChoice) {
  const EditedPreset preset("phase_overlap: pipelined", "phase_overlap: pipelind");
  EXPECT_THAT(preset.parsing(),
              ThrowsMessage<UserError>(preset.located("crossbar.phase_overlap: pipelind is not one of serial, "
                                                      "pipelined (did you mean pipelined?)")));
}

TEST(ChipYamlErrors, SectionWithoutItsSource) {
  const EditedPreset preset("  source: \"Table I: 8 x 128 an IMA\"\n", "");
  EXPECT_THAT(preset.parsing(), ThrowsMessage<UserError>(HasSubstr("sample_hold.source: is missing")));
}

TEST(ChipYamlErrors, CostWithoutItsSource) {
  const EditedPreset preset("source: \"Table I: 7 mW", "# source: \"Table I: 7 mW");
  EXPECT_THAT(preset.parsing(), ThrowsMessage<UserError>(HasSubstr("tile.bus.cost.source: is missing")));
}

TEST(ChipYamlErrors, ConductancesMustBeOrdered) {
  const EditedPreset preset("g_min_siemens: 5.0e-7", "g_min_siemens: 5.0e-4");
  EXPECT_THAT(preset.parsing(),
              ThrowsMessage<UserError>("a.yaml: cell.g_min_siemens: 5e-04, allowed: below cell.g_max_siemens = 5e-04"));
}

TEST(ChipYamlErrors, EmptyText) { EXPECT_THROW(static_cast<void>(parse_chip_yaml("", "a.yaml")), UserError); }

TEST(LoadChipErrors, UnknownNameNamesTheNearest) {
  EXPECT_THAT([] { static_cast<void>(load_chip("isac-ce")); },
              ThrowsMessage<UserError>(AllOf(StartsWith("chip isac-ce: is not one of "), HasSubstr("rnc-mnsim-128"),
                                             HasSubstr("(did you mean isaac-ce?)"))));
}

TEST(LoadChipErrors, MissingFile) {
  EXPECT_THAT([] { static_cast<void>(load_chip("no/such.yaml")); },
              ThrowsMessage<UserError>(StartsWith("no/such.yaml: cannot be read: ")));
}

void expect_refused(const ChipConfig& chip, const std::string& message) {
  EXPECT_THAT([&chip] { validate(chip, "chip"); }, ThrowsMessage<UserError>("chip: " + message));
}

TEST(ValidateChip, AcceptsTheRoundChip) { EXPECT_NO_THROW(validate(round_chip(), "chip")); }

TEST(ValidateChip, TextsAreNotEmpty) {
  ChipConfig chip = round_chip();
  chip.name = "";
  expect_refused(chip, "name: is empty, allowed: text that is not empty");
  chip = round_chip();
  chip.differs_from_source = "";
  expect_refused(chip, "differs_from_source: is empty, allowed: text that is not empty");
}

TEST(ValidateChip, ActiveRowsExist) {
  ChipConfig chip = round_chip();
  chip.crossbar.active_rows = 17;
  expect_refused(chip, "crossbar.active_rows: 17, allowed: at most crossbar.rows = 16");
}

TEST(ValidateChip, AWeightFitsIntoARow) {
  ChipConfig chip = round_chip();
  chip.crossbar.cols = 2;
  EXPECT_NO_THROW(validate(chip, "chip"));
  chip.crossbar.cols = 1;
  expect_refused(chip,
                 "crossbar.cols: 1, allowed: at least 2, the columns of one weight (weight_bits, bits_per_cell, polarity)");
}

TEST(ValidateChip, OffsetCellsHaveNoPairToSubtract) {
  ChipConfig chip = round_chip();
  chip.crossbar.polarity_subtraction = PolaritySubtraction::kAnalog;
  expect_refused(chip,
                 "crossbar.polarity_subtraction: analog, allowed with crossbar.polarity = offset: digital (there is no pair of "
                 "columns)");
}

TEST(ValidateChip, CellsOfTheChipFitInto64Bits) {
  ChipConfig chip = round_chip();
  chip.noc.mesh_rows = 1024;
  chip.noc.mesh_cols = 1024;
  chip.tile.num_crossbars = 4096;
  chip.crossbar.rows = 65'536;
  chip.crossbar.cols = 65'536;
  expect_refused(chip, "crossbar.rows: the number of cells of the chip overflows 64 bits");
}

TEST(ValidateChip, TheLongestActivationFitsInto64Bits) {
  ChipConfig chip = round_chip();
  chip.crossbar.rows = 65'536;
  chip.crossbar.active_rows = 1;
  chip.arithmetic.activation_bits = 32;
  chip.arithmetic.input_encoding = InputEncoding::kSignMagnitudeTwoPass;
  chip.crossbar.read_ns = 1e6;
  EXPECT_NO_THROW(validate(chip, "chip"));  // 2^22 phases of 10^12 fs
  chip.shift_add.cycles_per_phase = 1'000'000;
  chip.clock.digital_hz = 1'000;
  expect_refused(chip, "crossbar: the time of an activation in femtoseconds overflows 64 bits");
}

TEST(ReadChipErrors, AreFoundInAResolvedChipToo) {
  ChipConfig chip = round_chip();
  chip.crossbar.active_rows = 17;
  const Document document = parse_json(write_fields(chip).dump(), "program.json");
  ConfigReader reader(document, "program.json");
  EXPECT_THAT([&reader] { static_cast<void>(read_chip(reader)); },
              ThrowsMessage<UserError>(HasSubstr("crossbar.active_rows: 17, allowed: at most crossbar.rows = 16")));
}

}  // namespace
}  // namespace crossloom
