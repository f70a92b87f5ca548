#include "compiler/duplication/objective.h"

#include <gtest/gtest.h>

namespace crossloom {
namespace {

TEST(Objective, IsOneKind) {
  for (std::size_t kind = 0; kind < enum_names(ObjectiveKind{}).size(); ++kind) {
    const std::string_view name = enum_names(ObjectiveKind{})[kind];
    EXPECT_EQ(parse_objective(name), (std::vector<ObjectiveTerm>{{.kind = static_cast<ObjectiveKind>(kind)}}));
    EXPECT_EQ(objective_text(parse_objective(name)), name);
  }
}

TEST(Objective, ScalesWeightsToASumOfOne) {
  const std::vector<ObjectiveTerm> expected{{.kind = ObjectiveKind::kLatency, .weight = 0.75},
                                            {.kind = ObjectiveKind::kEnergy, .weight = 0.25}};
  EXPECT_EQ(parse_objective("latency=3,energy=1"), expected);
  EXPECT_EQ(parse_objective("latency=3,energy"), expected);  // a weight of 1
  EXPECT_EQ(objective_text(expected), "latency=0.75,energy=0.25");
}

}  // namespace
}  // namespace crossloom
