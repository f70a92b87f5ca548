#include "compiler/duplication/exclusive_pipeline.h"

#include <gtest/gtest.h>

#include <vector>

#include "compiler/rnc/rnc_evaluator.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

using Turns = std::vector<std::int64_t>;
using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

TEST(ExclusivePipeline, OfOneInputIsTheSumOfTheLayers) {
  EXPECT_EQ(exclusive_pipeline_turns(Turns{10, 20, 5}, Pairs{{0, 2}}, 1), 35);
}

TEST(ExclusivePipeline, WithoutExclusionFollowsTheLongestLayer) {
  EXPECT_EQ(exclusive_pipeline_turns(Turns{10, 20, 5}, Pairs{}, 64), 35 + 63 * 20);
}

TEST(ExclusivePipeline, OfLayersThatAllExcludeEachOtherServesOneInputAfterTheOther) {
  EXPECT_EQ(exclusive_pipeline_turns(Turns{10, 20, 5}, Pairs{{0, 1}, {0, 2}, {1, 2}}, 7), 7 * 35);
}

TEST(ExclusivePipeline, OfNothingTakesNoTime) { EXPECT_EQ(exclusive_pipeline_turns(Turns{}, Pairs{}, 5), 0); }

TEST(ExclusivePipeline, AgreesWithQueuesOfEachCrossbar) {
  for (std::uint64_t trial = 0; trial < 200; ++trial) {
    RandomStream random(0, {.purpose = RandomPurpose::kTest, .trial = trial});
    const std::size_t num_layers = 2 + random.next_below(7);
    RncMapping mapping;
    Turns turns;
    for (std::size_t layer = 0; layer < num_layers; ++layer) {
      // Long enough that two events seldom meet at one instant by chance, where the order is not given.
      turns.push_back(1 + static_cast<std::int64_t>(random.next_below(1'000'000'000)));
      mapping.layers.push_back({.num_activations = turns.back(), .max_copies = 1, .copies = {{}}});
    }
    Pairs pairs;
    for (std::size_t a = 0; a < num_layers; ++a) {
      for (std::size_t b = a + 2; b < num_layers; ++b) {
        if (random.next_below(3) != 0) continue;
        pairs.emplace_back(a, b);
        mapping.layers[a].copies[0].push_back(mapping.num_crossbars);
        mapping.layers[b].copies[0].push_back(mapping.num_crossbars++);
      }
    }
    EXPECT_EQ(exclusive_pipeline_turns(turns, pairs, 16),
              rnc_latency_activations(mapping, 16, Leftover::kKept, SimultaneousOrder::kArrival))
        << "trial " << trial;
  }
}

}  // namespace
}  // namespace crossloom
