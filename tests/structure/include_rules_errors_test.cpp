#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/structure/include_rules.h"

namespace crossloom {
namespace {

using testing::ElementsAre;

TEST(IncludeRulesErrors, CatchEveryIncludeOfAHigherFloor) {
  const std::vector<std::string> all = floors();
  for (std::size_t from = 0; from < all.size(); ++from) {
    for (std::size_t to = from + 1; to < all.size(); ++to) {
      EXPECT_THAT(broken_include_rules(all[from] + "/a.cpp", "// text\n  #  include \"" + all[to] + "/b.h\"  // why\n"),
                  ElementsAre(all[from] + "/a.cpp:2: " + all[from] + " includes the higher floor " + all[to]));
    }
  }
}

TEST(IncludeRulesErrors, CatchAHigherFloorInAngleBrackets) {
  EXPECT_THAT(broken_include_rules("simulator/engine/engine.cpp", "#include <compiler/ir/network.h>\n"),
              ElementsAre("simulator/engine/engine.cpp:1: simulator includes the higher floor compiler"));
}

TEST(IncludeRulesErrors, CatchThirdPartyHeadersOutsideTheirPlaces) {
  const std::string torch = "#include <torch/torch.h>\n";
  EXPECT_THAT(broken_include_rules("nas/nsga2.cpp", torch),
              ElementsAre("nas/nsga2.cpp:1: torch belongs into training/*.cpp and nas/torch/*.cpp"));
  EXPECT_THAT(broken_include_rules("training/trainer.h", "#pragma once\n" + torch),
              ElementsAre("training/trainer.h:2: torch belongs into training/*.cpp and nas/torch/*.cpp"));
  EXPECT_THAT(broken_include_rules("cli/main.cpp", "#include <yaml-cpp/yaml.h>\n"),
              ElementsAre("cli/main.cpp:1: yaml-cpp belongs into support/*.cpp"));
  EXPECT_THAT(broken_include_rules("support/json.h", "#pragma once\n#include <nlohmann/json.hpp>\n"),
              ElementsAre("support/json.h:2: a header includes the third-party nlohmann/json.hpp"));
}

TEST(IncludeRulesErrors, CatchAHeaderWithoutPragmaOnceAtItsBeginning) {
  EXPECT_THAT(broken_include_rules("support/a.h", "// text\n#pragma once\n"),
              ElementsAre("support/a.h:1: does not begin with #pragma once"));
  EXPECT_THAT(broken_include_rules("support/a.h", ""), ElementsAre("support/a.h:1: does not begin with #pragma once"));
}

TEST(IncludeRulesErrors, CatchAFileOutsideTheFloors) {
  EXPECT_THAT(broken_include_rules("utils/a.cpp", ""), ElementsAre("utils/a.cpp:1: lies in no known floor"));
}

}  // namespace
}  // namespace crossloom
