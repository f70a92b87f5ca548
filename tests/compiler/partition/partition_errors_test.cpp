#include <gtest/gtest.h>

#include "compiler/partition/partition.h"
#include "support/error.h"
#include "tests/compiler/partition/example_matrix.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

TEST(PartitionErrors, ADepthSplitBelowOneIsRefused) {
  EXPECT_EQ(user_error([] {
              return partition(dense_matrix(4, 4), 0, {.crossbar_rows = 4, .crossbar_weight_cols = 4, .depth_split = 0});
            }),
            "depth split: 0, allowed: at least 1");
}

TEST(PartitionErrors, MoreBlocksThanAnyChipHoldsAreRefused) {
  EXPECT_EQ(user_error([] {
              return partition(dense_matrix(std::int64_t{1} << 15, 1 << 10), 0,
                               {.crossbar_rows = 1, .crossbar_weight_cols = 1});
            }),
            "layer dense: 32768 x 1024 blocks, allowed: at most 16777216");
}

TEST(PartitionErrors, ACrossbarWithoutWeightsIsOurFault) {
  EXPECT_THROW(static_cast<void>(partition(dense_matrix(4, 4), 0, {.crossbar_rows = 0, .crossbar_weight_cols = 4})),
               InternalError);
}

}  // namespace
}  // namespace crossloom
