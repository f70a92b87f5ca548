#include <gtest/gtest.h>

#include "compiler/duplication/objective.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

std::string parse_error(std::string_view text) {
  return user_error([&] { return parse_objective(text); });
}

constexpr std::string_view kAllowed =
    ", allowed: one of throughput, latency, crossbars, energy, or a weighted sum such as latency=0.5,energy=0.5";

TEST(ObjectiveErrors, AnUnknownNameIsQuoted) {
  EXPECT_EQ(parse_error("speed"), "--objective: speed: \"speed\" is no objective" + std::string(kAllowed));
  EXPECT_EQ(parse_error(""), "--objective: : \"\" is no objective" + std::string(kAllowed));
  EXPECT_EQ(parse_error("latency,"), "--objective: latency,: \"\" is no objective" + std::string(kAllowed));
}

TEST(ObjectiveErrors, WeightsAreAboveZeroAndBounded) {
  for (const std::string_view weight : {"0", "-1", "nan", "inf", "x", "", "1000001"}) {
    const std::string text = "latency=" + std::string(weight);
    EXPECT_EQ(parse_error(text), "--objective: " + text + ": \"" + std::string(weight) +
                                     "\" is no weight above 0 and up to 1000000" + std::string(kAllowed));
  }
}

TEST(ObjectiveErrors, AnObjectiveStandsOnce) {
  EXPECT_EQ(parse_error("latency=1,latency=2"),
            "--objective: latency=1,latency=2: an objective stands twice" + std::string(kAllowed));
}

}  // namespace
}  // namespace crossloom
