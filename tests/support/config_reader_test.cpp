#include "support/config_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace crossloom {
namespace {

using testing::ElementsAre;

constexpr std::array<std::string_view, 3> kEncodings = {"unsigned", "twos_complement", "sign_magnitude_two_pass"};

TEST(ConfigReader, ReadsEachKindOfValue) {
  const Document root = parse_yaml(
      "rows: 1_024\nclock_hz: 1.2e9\nread_volt: 0.3\nphase_overlap: true\nname: isaac\nsizes: [1, 2]\nloads: [0.5, 2]\n"
      "tags: [a, \"2\"]\ninput_encoding: twos_complement\n",
      "chip.yaml");
  ConfigReader reader(root, "chip.yaml");
  EXPECT_EQ(reader.integer("rows"), 1024);
  EXPECT_EQ(reader.integer("clock_hz"), 1'200'000'000);
  EXPECT_EQ(reader.number("read_volt"), 0.3);
  EXPECT_TRUE(reader.boolean("phase_overlap"));
  EXPECT_EQ(reader.text("name"), "isaac");
  EXPECT_THAT(reader.integers("sizes"), ElementsAre(1, 2));
  EXPECT_THAT(reader.numbers("loads"), ElementsAre(0.5, 2.0));
  EXPECT_THAT(reader.texts("tags"), ElementsAre("a", "2"));
  EXPECT_EQ(reader.choice("input_encoding", kEncodings), 1U);
  EXPECT_NO_THROW(reader.finish());
}

TEST(ConfigReader, TakesTheEndsOfARange) {
  const Document root = parse_yaml("low: 1\nhigh: 8\nzero: 0\none: 1.0\n", "t.yaml");
  ConfigReader reader(root, "t.yaml");
  EXPECT_EQ(reader.integer("low", {1, 8}), 1);
  EXPECT_EQ(reader.integer("high", {1, 8}), 8);
  EXPECT_EQ(reader.number("zero", {0.0, 1.0}), 0.0);
  EXPECT_EQ(reader.number("one", {0.0, 1.0}), 1.0);
}

TEST(ConfigReader, ReadsNestedSections) {
  const Document root = parse_yaml("tile: {bus: {bits: 32}}\nlayers: [{name: a}, {name: b}]\n", "t.yaml");
  ConfigReader reader(root, "t.yaml");
  ConfigReader tile = reader.section("tile");
  ConfigReader bus = tile.section("bus");
  EXPECT_EQ(bus.path(), "tile.bus");
  EXPECT_EQ(bus.integer("bits"), 32);
  std::vector<ConfigReader> layers = reader.sections("layers");
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layers[1].path(), "layers[1]");
  EXPECT_EQ(layers[1].text("name"), "b");
}

TEST(ConfigReader, TellsWhetherAKeyIsThereAndListsKeysInFileOrder) {
  const Document root = parse_yaml("b: 1\na: 2\n", "t.yaml");
  const ConfigReader reader(root, "t.yaml");
  EXPECT_TRUE(reader.has("a"));
  EXPECT_FALSE(reader.has("c"));
  EXPECT_THAT(reader.keys(), ElementsAre("b", "a"));
}

TEST(ConfigReader, CountsSkippedKeysAndNotesAsRead) {
  const Document root = parse_yaml("source: paper\nadc: {source: datasheet, bits: 8}\n", "t.yaml");
  ConfigReader reader(root, "t.yaml");
  reader.skip("source");
  reader.require_note_in_sections("source");
  ConfigReader adc = reader.section("adc");
  EXPECT_EQ(adc.integer("bits"), 8);
  EXPECT_NO_THROW(adc.finish());
  EXPECT_NO_THROW(reader.finish());
}

TEST(ConfigReader, DoesNotAskTheSectionItselfForTheNoteOfItsSections) {
  const Document root = parse_yaml("adc: {source: datasheet}\n", "t.yaml");
  ConfigReader reader(root, "t.yaml");
  reader.require_note_in_sections("source");
  EXPECT_NO_THROW(reader.section("adc").finish());
  EXPECT_NO_THROW(reader.finish());
}

TEST(DidYouMean, FindsTheNearestCandidate) {
  constexpr std::array<std::string_view, 4> kKeys = {"rows", "cols", "num_crossbars", "bits"};
  EXPECT_EQ(did_you_mean("rwos", kKeys), "rows");
  EXPECT_EQ(did_you_mean("rxxs", kKeys), "");  // two substitutions, more than a third of four letters
  EXPECT_EQ(did_you_mean("row", kKeys), "rows");
  EXPECT_EQ(did_you_mean("rowss", kKeys), "rows");
  EXPECT_EQ(did_you_mean("num_corssbars", kKeys), "num_crossbars");
  EXPECT_EQ(did_you_mean("voltage", kKeys), "");
  EXPECT_EQ(did_you_mean("", kKeys), "");
}

TEST(DidYouMean, PrefersTheEarlierOfTwoEquallyNear) {
  constexpr std::array<std::string_view, 2> kKeys = {"bat", "cat"};
  EXPECT_EQ(did_you_mean("hat", kKeys), "bat");
}

}  // namespace
}  // namespace crossloom
