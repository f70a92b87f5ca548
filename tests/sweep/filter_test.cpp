#include "sweep/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/error.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

const std::vector<std::string> kKeys = {"chip", "crossbar.rows", "adc.bits"};

bool accepts(const std::string& filter, const std::string& rows, const std::string& bits = "8") {
  return Filter(filter, kKeys).accepts(std::vector<std::string>{"edge-64", rows, bits});
}

TEST(Filter, ComparesNumbersAsNumbers) {
  EXPECT_TRUE(accepts("crossbar.rows < 128", "64"));
  EXPECT_FALSE(accepts("crossbar.rows < 64", "64"));
  EXPECT_TRUE(accepts("crossbar.rows <= 64", "6.4e1"));
  EXPECT_TRUE(accepts("crossbar.rows>=9", "64"));
  EXPECT_FALSE(accepts("crossbar.rows > 64", "64"));
  EXPECT_TRUE(accepts("64.0 == crossbar.rows", "64"));
  EXPECT_TRUE(accepts("crossbar.rows != 65", "64"));
}

TEST(Filter, MultipliesOnBothSides) {
  EXPECT_TRUE(accepts("crossbar.rows * adc.bits == 2 * 256", "64", "8"));
  EXPECT_FALSE(accepts("crossbar.rows * 2 < adc.bits * 10", "64", "8"));
}

TEST(Filter, ComparesTextsByEquality) {
  EXPECT_TRUE(accepts("chip == edge-64", "64"));
  EXPECT_FALSE(accepts("chip != edge-64", "64"));
  EXPECT_TRUE(accepts("chip != isaac-ce", "64"));
}

TEST(FilterErrors, SayWhatIsWrong) {
  const auto made = [](const std::string& text) { return [text] { (void)Filter(text, kKeys); }; };
  EXPECT_THAT(made("crossbar.rows 64"), ThrowsMessage<UserError>(HasSubstr("has no comparison, allowed: == != <=")));
  EXPECT_THAT(made("crossbar.rwos < 64"), ThrowsMessage<UserError>(HasSubstr("crossbar.rwos is neither a number nor an axis")));
  EXPECT_THAT(made("chip < edge-64"), ThrowsMessage<UserError>(HasSubstr("edge-64 is neither")));
  EXPECT_THAT(made("1 < 2"), ThrowsMessage<UserError>(HasSubstr("names no axis")));
  EXPECT_THAT(made("crossbar.rows * < 2"), ThrowsMessage<UserError>(HasSubstr("empty side or factor")));
  EXPECT_THAT([] { (void)accepts("chip < 3", "64"); }, ThrowsMessage<UserError>("chip < 3: chip is edge-64, not a number"));
}

}  // namespace
}  // namespace crossloom
