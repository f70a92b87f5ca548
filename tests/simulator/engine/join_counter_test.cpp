#include "simulator/engine/join_counter.h"

#include <gtest/gtest.h>

namespace crossloom {
namespace {

TEST(JoinCounter, TellsTheLastGroupOfEachWindow) {
  JoinCounter joined(3);
  EXPECT_FALSE(joined.is_last(0));
  EXPECT_FALSE(joined.is_last(0));
  EXPECT_TRUE(joined.is_last(0));
}

TEST(JoinCounter, LetsAGroupRunAhead) {
  JoinCounter joined(2);
  EXPECT_FALSE(joined.is_last(0));
  EXPECT_FALSE(joined.is_last(1));
  EXPECT_FALSE(joined.is_last(2));
  EXPECT_TRUE(joined.is_last(0));
  EXPECT_TRUE(joined.is_last(1));
  EXPECT_FALSE(joined.is_last(3));
  EXPECT_TRUE(joined.is_last(2));
  EXPECT_TRUE(joined.is_last(3));
}

TEST(JoinCounter, CompletesALaterWindowFirstWhenItsGroupsDo) {
  JoinCounter joined(2);
  EXPECT_FALSE(joined.is_last(1));
  EXPECT_TRUE(joined.is_last(1));
  EXPECT_FALSE(joined.is_last(0));
  EXPECT_TRUE(joined.is_last(0));
}

}  // namespace
}  // namespace crossloom
