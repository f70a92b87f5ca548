#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/hardware/chip_yaml.h"
#include "support/error.h"
#include "tests/simulator/hardware/round_chip.h"

namespace crossloom {
namespace {

using ::testing::StartsWith;
using ::testing::ThrowsMessage;

auto overriding(std::string key, std::string value) {
  return [key, value] { static_cast<void>(with_override(round_chip(), key, value)); };
}

TEST(ChipOverrideErrors, UnknownKeyNamesTheNearestOfItsSection) {
  EXPECT_THAT(overriding("adc.colums_per_adc", "8"),
              ThrowsMessage<UserError>("--set: adc.colums_per_adc: unknown key (did you mean columns_per_adc?)"));
}

TEST(ChipOverrideErrors, UnknownSectionNamesTheNearest) {
  EXPECT_THAT(overriding("crosbar.rows", "8"),
              ThrowsMessage<UserError>("--set: crosbar: unknown key (did you mean crossbar?)"));
}

TEST(ChipOverrideErrors, UnknownKeyWithoutANeighbourHasNoHint) {
  EXPECT_THAT(overriding("adc.voltage", "8"), ThrowsMessage<UserError>("--set: adc.voltage: unknown key"));
  EXPECT_THAT(overriding("", "8"), ThrowsMessage<UserError>("--set: : unknown key"));
}

TEST(ChipOverrideErrors, ValueOutsideItsBounds) {
  EXPECT_THAT(overriding("crossbar.rows", "0"),
              ThrowsMessage<UserError>("--set: crossbar.rows: 0, allowed: an integer from 1 to 65536"));
  EXPECT_THAT(overriding("cell.g_max_siemens", "nan"),
              ThrowsMessage<UserError>("--set: cell.g_max_siemens: nan, allowed: a finite number from 0 to 1"));
}

TEST(ChipOverrideErrors, ValueOfAnotherKind) {
  EXPECT_THAT(overriding("adc.bits", "many"),
              ThrowsMessage<UserError>("--set: adc.bits: many, allowed: an integer from 1 to 16"));
  EXPECT_THAT(overriding("adc.bits", ""),
              ThrowsMessage<UserError>("--set: adc.bits: is empty, allowed: an integer from 1 to 16"));
  EXPECT_THAT(overriding("adc.bits", "[8]"),
              ThrowsMessage<UserError>("--set: adc.bits: is a list, allowed: an integer from 1 to 16"));
}

TEST(ChipOverrideErrors, UnknownChoiceNamesTheNearest) {
  EXPECT_THAT(overriding("crossbar.polarity", "ofset"),
              ThrowsMessage<UserError>("--set: crossbar.polarity: ofset is not one of offset, differential_columns, "
                                       "differential_arrays (did you mean offset?)"));
}

TEST(ChipOverrideErrors, SectionIsNoValue) {
  EXPECT_THAT(overriding("sample_hold", "1"),
              ThrowsMessage<UserError>("--set: sample_hold: is a section, allowed: one of its keys cost"));
}

TEST(ChipOverrideErrors, KeyOfASectionThatTheChipLacks) {
  EXPECT_THAT(overriding("dram.latency_ns", "50"),
              ThrowsMessage<UserError>("--set: dram.latency_ns: the chip has no dram, allowed: the whole section first, --set "
                                       "'dram={KEY: VALUE, ...}'"));
  EXPECT_THAT(overriding("dran", "none"), ThrowsMessage<UserError>("--set: dran: unknown key (did you mean dram?)"));
}

TEST(ChipOverrideErrors, WholeSectionNeedsEveryKeyWithinItsBounds) {
  EXPECT_THAT(overriding("dram", "50"), ThrowsMessage<UserError>(StartsWith("--set: dram: ")));
  EXPECT_THAT(overriding("dram", "{latency_ns: 50}"),
              ThrowsMessage<UserError>(StartsWith("--set: dram.bits_per_s: is missing")));
  EXPECT_THAT(overriding("dram", "{bits_per_s: 10}"),
              ThrowsMessage<UserError>("--set: dram.bits_per_s: 10, allowed: an integer from 1000 to 1000000000000000"));
}

TEST(ChipOverrideErrors, ValueIsNoSection) {
  EXPECT_THAT(overriding("adc.bits.low", "1"),
              ThrowsMessage<UserError>("--set: adc.bits.low: unknown key (adc.bits is a value)"));
}

TEST(ChipOverrideErrors, OriginStays) {
  EXPECT_THAT(overriding("source", "me"),
              ThrowsMessage<UserError>("--set: source: describes the chip's origin and cannot be replaced"));
}

TEST(ChipOverrideErrors, ChipMustStillFitTogether) {
  EXPECT_THAT(overriding("crossbar.active_rows", "17"),
              ThrowsMessage<UserError>("--set: crossbar.active_rows: 17, allowed: at most crossbar.rows = 16"));
}

TEST(ChipOverrideErrors, AssignmentNeedsAValue) {
  EXPECT_THAT([] { static_cast<void>(with_overrides(round_chip(), {"adc.bits"})); },
              ThrowsMessage<UserError>("--set: adc.bits: has no value, allowed: key=value"));
}

TEST(ChipOverrideErrors, UnparsableValueIsRefused) {
  EXPECT_THAT(overriding("adc.bits", "[8"), ThrowsMessage<UserError>(StartsWith("--set: adc.bits:1: ")));
}

}  // namespace
}  // namespace crossloom
