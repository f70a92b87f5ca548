#include "support/number_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace crossloom {
namespace {

TEST(ParseInteger, TakesEveryFormOfAWholeNumber) {
  EXPECT_EQ(parse_integer("128"), 128);
  EXPECT_EQ(parse_integer("-4"), -4);
  EXPECT_EQ(parse_integer("0"), 0);
  EXPECT_EQ(parse_integer("-0.00e3"), 0);
  EXPECT_EQ(parse_integer("1_000_000"), 1'000'000);
  EXPECT_EQ(parse_integer("1.28e9"), 1'280'000'000);
  EXPECT_EQ(parse_integer("1.2E+1"), 12);
  EXPECT_EQ(parse_integer("2.50e1"), 25);
  EXPECT_EQ(parse_integer("1200e-2"), 12);
  EXPECT_EQ(parse_integer("3.0"), 3);
}

TEST(ParseInteger, IsExactWhereADoubleIsNot) {
  EXPECT_EQ(parse_integer("9007199254740993.0"), 9'007'199'254'740'993);  // 2^53 + 1
  EXPECT_EQ(parse_integer("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parse_integer("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
}

TEST(ParseInteger, RefusesWhatIsNotAWholeNumberOf64Bits) {
  for (const char* text : {"",     "-",     "1.5",           "25e-1", "1e-400", "9223372036854775808",
                           "1e19", "1e999", "1e99999999999", "0x10",  "12a",    " 1",
                           "1 ",   "+1",    "nan",           "inf",   "_1",     "1_",
                           "1__0", "1_.0",  "--1",           "1e",    "true"}) {
    EXPECT_EQ(parse_integer(text), std::nullopt) << text;
  }
}

TEST(ParseNumber, RoundsCorrectly) {
  EXPECT_EQ(parse_number("0.1"), 0.1);
  EXPECT_EQ(parse_number("1e-3"), 1e-3);
  EXPECT_EQ(parse_number("-2"), -2.0);
  EXPECT_EQ(parse_number("1_000.5"), 1000.5);
}

TEST(ParseNumber, RefusesWhatIsNotAFiniteDecimal) {
  for (const char* text : {"", "nan", ".nan", "inf", "-inf", ".inf", "1e999", "0x1p3", "1,5", "12 pj", "_", "."}) {
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
  }
}

TEST(ShortestText, IsTheFewestDigitsThatReadBack) {
  EXPECT_EQ(shortest_text(0.1), "0.1");
  EXPECT_EQ(shortest_text(3.0), "3");
  EXPECT_EQ(shortest_text(1e20), "1e+20");
}

}  // namespace
}  // namespace crossloom
