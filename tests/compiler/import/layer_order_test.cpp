#include "compiler/import/layer_order.h"

#include <gtest/gtest.h>

namespace crossloom {
namespace {

using Producers = std::vector<std::vector<std::size_t>>;
using Nodes = std::vector<std::size_t>;

TEST(TopologicalOrder, KeepsAnOrderThatIsOneAlready) {
  EXPECT_EQ(topological_order(Producers{{}, {0}, {0}, {1, 2}}).order, (Nodes{0, 1, 2, 3}));
}

TEST(TopologicalOrder, PutsProducersFirst) {
  EXPECT_EQ(topological_order(Producers{{3}, {0}, {}, {2}}).order, (Nodes{2, 3, 0, 1}));
}

TEST(TopologicalOrder, TakesTheEarlierOfTwoThatAreReady) {
  EXPECT_EQ(topological_order(Producers{{}, {3}, {0}, {0}}).order, (Nodes{0, 2, 3, 1}));
}

TEST(TopologicalOrder, CountsAnOperandReadTwice) { EXPECT_EQ(topological_order(Producers{{1, 1}, {}}).order, (Nodes{1, 0})); }

TEST(TopologicalOrder, NamesTheNodesOfACycleAlone) {
  const LayerOrder result = topological_order(Producers{{}, {0, 3}, {1}, {2}, {3}});
  EXPECT_TRUE(result.order.empty());
  EXPECT_EQ(result.cycle, (Nodes{1, 3, 2}));
}

TEST(TopologicalOrder, FindsACycleOfOneNode) { EXPECT_EQ(topological_order(Producers{{}, {0, 1}}).cycle, (Nodes{1})); }

TEST(TopologicalOrder, LeavesOutTheNodesThatLeadToACycle) {
  EXPECT_EQ(topological_order(Producers{{1}, {2}, {1}}).cycle, (Nodes{1, 2}));
}

}  // namespace
}  // namespace crossloom
