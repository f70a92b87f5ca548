#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/compile.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

TEST(CrossbarBudget, IsACountOrAMultiple) {
  EXPECT_EQ(parse_crossbar_budget("120").count, 120);
  EXPECT_FALSE(parse_crossbar_budget("120").multiple_of_fewest.has_value());
  EXPECT_EQ(parse_crossbar_budget("1.5x").multiple_of_fewest, 1.5);
  EXPECT_FALSE(parse_crossbar_budget("1.5x").count.has_value());
  EXPECT_EQ(parse_crossbar_budget("1x").multiple_of_fewest, 1.0);
}

TEST(CrossbarBudgetErrors, NameTheTextAndWhatIsAllowed) {
  for (const std::string text : {"", "x", "0", "-3", "1.5", "0.99x", "-1x", "nanx", "1e7x", "12 ", "1.5X", "1.5xx", "many"}) {
    EXPECT_THAT(user_error([&] { return parse_crossbar_budget(text); }),
                testing::AllOf(testing::StartsWith("--crossbars: " + text + ", allowed: "), testing::HasSubstr("1.5x")))
        << text;
  }
}

}  // namespace
}  // namespace crossloom
