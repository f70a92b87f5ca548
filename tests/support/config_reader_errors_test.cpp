#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "support/config_reader.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

constexpr std::array<std::string_view, 2> kNames = {"unsigned", "signed"};

/// Message of reading `text` (source "c.yaml") with `read`.
template <class Read>
std::string error_of(const std::string& text, Read&& read) {
  return user_error([&] {
    const Document root = parse_yaml(text, "c.yaml");
    ConfigReader reader(root, "c.yaml");
    read(reader);
    return 0;
  });
}

TEST(ConfigReaderErrors, NamesAMissingKeyAndWhatItMayBe) {
  EXPECT_EQ(error_of("\na: {b: 1}",
                     [](auto& r) {
                       static_cast<void>(r.section("a").integer("rows", {1, 65536}));
                     }),
            "c.yaml:2: a.rows: is missing, allowed: an integer from 1 to 65536");
  EXPECT_EQ(error_of("b: 1", [](auto& r) { static_cast<void>(r.section("a")); }),
            "c.yaml:1: a: is missing, allowed: a mapping of keys to values");
}

TEST(ConfigReaderErrors, NamesTheUnreadKeyThatMayBeAMisspellingOfAMissingOne) {
  const auto read = [](auto& r) {
    static_cast<void>(r.integer("cols"));
    static_cast<void>(r.integer("rows"));
  };
  EXPECT_EQ(error_of("cols: 1\nrosw: 2", read), "c.yaml:1: rows: is missing, allowed: an integer (is rosw a misspelling?)");
  EXPECT_EQ(error_of("cols: 1\nother: 2", read), "c.yaml:1: rows: is missing, allowed: an integer");
}

TEST(ConfigReaderErrors, StatesTheRangeOfAnInteger) {
  const auto read = [](auto& r) { static_cast<void>(r.integer("rows", {1, 8})); };
  EXPECT_EQ(error_of("x: 1\nrows: 0", read), "c.yaml:2: rows: 0, allowed: an integer from 1 to 8");
  EXPECT_EQ(error_of("rows: 9", read), "c.yaml:1: rows: 9, allowed: an integer from 1 to 8");
  EXPECT_EQ(error_of("rows: 1.5", read), "c.yaml:1: rows: 1.5, allowed: an integer from 1 to 8");
  EXPECT_EQ(error_of("rows: \"4\"", read), "c.yaml:1: rows: \"4\", allowed: an integer from 1 to 8");
  EXPECT_EQ(error_of("rows:", read), "c.yaml:1: rows: is empty, allowed: an integer from 1 to 8");
  EXPECT_EQ(error_of("rows: [4]", read), "c.yaml:1: rows: is a list, allowed: an integer from 1 to 8");
  EXPECT_EQ(error_of("rows: {a: 4}", read), "c.yaml:1: rows: is a mapping, allowed: an integer from 1 to 8");
}

TEST(ConfigReaderErrors, RefusesAnIntegerBeyond64Bits) {
  EXPECT_EQ(error_of("rows: 9223372036854775808", [](auto& r) { static_cast<void>(r.integer("rows")); }),
            "c.yaml:1: rows: 9223372036854775808, allowed: an integer");
  EXPECT_EQ(error_of("rows: -1", [](auto& r) { static_cast<void>(r.integer("rows", {.min = 0})); }),
            "c.yaml:1: rows: -1, allowed: an integer of at least 0");
}

TEST(ConfigReaderErrors, RefusesNumbersThatAreNotFiniteOrOutOfRange) {
  const auto read = [](auto& r) { static_cast<void>(r.number("volt", {0.0, 1.5})); };
  for (const char* value : {"nan", ".nan", ".inf", "-.inf", "1e999", "1.6", "-0.1", "high"}) {
    EXPECT_EQ(error_of(std::string("volt: ") + value, read),
              std::string("c.yaml:1: volt: ") + value + ", allowed: a finite number from 0 to 1.5");
  }
  EXPECT_EQ(error_of("volt: x", [](auto& r) { static_cast<void>(r.number("volt", {.max = 2.0})); }),
            "c.yaml:1: volt: x, allowed: a finite number of at most 2");
}

TEST(ConfigReaderErrors, TakesOnlyTrueAndFalseAsBooleans) {
  for (const char* value : {"yes", "1", "True", "\"true\""}) {
    EXPECT_EQ(error_of(std::string("a: ") + value, [](auto& r) { static_cast<void>(r.boolean("a")); }),
              std::string("c.yaml:1: a: ") + value + ", allowed: true or false");
  }
}

TEST(ConfigReaderErrors, RefusesAContainerAsText) {
  EXPECT_EQ(error_of("a: [x]", [](auto& r) { static_cast<void>(r.text("a")); }), "c.yaml:1: a: is a list, allowed: text");
}

TEST(ConfigReaderErrors, NamesTheElementOfAList) {
  EXPECT_EQ(error_of("a:\n  - 1\n  - x\n",
                     [](auto& r) {
                       static_cast<void>(r.integers("a", {1, 2}));
                     }),
            "c.yaml:3: a[1]: x, allowed: an integer from 1 to 2");
  EXPECT_EQ(error_of("a: 1", [](auto& r) { static_cast<void>(r.integers("a")); }),
            "c.yaml:1: a: 1, allowed: a list, each an integer");
  EXPECT_EQ(error_of("a: [0.5, 1.5]",
                     [](auto& r) {
                       static_cast<void>(r.numbers("a", {0.0, 1.0}));
                     }),
            "c.yaml:1: a[1]: 1.5, allowed: a finite number from 0 to 1");
  EXPECT_EQ(error_of("a: [b, []]", [](auto& r) { static_cast<void>(r.texts("a")); }),
            "c.yaml:1: a[1]: is a list, allowed: text");
  EXPECT_EQ(error_of("a: [1]", [](auto& r) { static_cast<void>(r.sections("a")); }),
            "c.yaml:1: a[0]: 1, allowed: a mapping of keys to values");
  EXPECT_EQ(error_of("a: b", [](auto& r) { static_cast<void>(r.sections("a")); }),
            "c.yaml:1: a: b, allowed: a list of mappings");
}

TEST(ConfigReaderErrors, OffersTheNearestChoice) {
  const auto read = [](auto& r) { static_cast<void>(r.choice("encoding", kNames)); };
  EXPECT_EQ(error_of("encoding: signde", read),
            "c.yaml:1: encoding: signde is not one of unsigned, signed (did you mean signed?)");
  EXPECT_EQ(error_of("encoding: gray", read), "c.yaml:1: encoding: gray is not one of unsigned, signed");
}

TEST(ConfigReaderErrors, RefusesUnknownKeysWithAHint) {
  const auto read = [](auto& r) {
    static_cast<void>(r.has("num_crossbars"));
    r.finish();
  };
  EXPECT_EQ(error_of("num_crosbars: 1", read), "c.yaml:1: num_crosbars: unknown key (did you mean num_crossbars?)");
  EXPECT_EQ(error_of("colour: 1", read), "c.yaml:1: colour: unknown key");
}

TEST(ConfigReaderErrors, AsksEverySectionForItsNote) {
  const auto read = [](auto& r) {
    r.require_note_in_sections("source");
    ConfigReader outer = r.section("adc");
    ConfigReader inner = outer.section("core");
    inner.finish();
  };
  EXPECT_EQ(error_of("adc: {core: {}}", read), "c.yaml:1: adc.core.source: is missing, allowed: text that is not empty");
  EXPECT_EQ(error_of("adc: {core: {source: \"\"}}", read),
            "c.yaml:1: adc.core.source: is empty, allowed: text that is not empty");
}

TEST(ConfigReaderErrors, RefusesARootThatIsNotAMapping) {
  EXPECT_EQ(error_of("[1]", [](auto&) {}), "c.yaml:1: is a list, allowed: a mapping of keys to values");
  EXPECT_EQ(error_of("5", [](auto&) {}), "c.yaml:1: 5, allowed: a mapping of keys to values");
}

TEST(ConfigReaderErrors, FailPointsAtTheKeyOrTheSection) {
  EXPECT_EQ(error_of("a:\n  b: 1\n  c: 2\n", [](auto& r) { r.section("a").fail("c", "is odd"); }), "c.yaml:3: a.c: is odd");
  EXPECT_EQ(error_of("a:\n  b: 1\n", [](auto& r) { r.section("a").fail("", "is odd"); }), "c.yaml:1: a: is odd");
}

}  // namespace
}  // namespace crossloom
