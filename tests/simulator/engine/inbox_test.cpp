#include "simulator/engine/inbox.h"

#include <gtest/gtest.h>

namespace crossloom {
namespace {

TEST(Inbox, HasOnlyWhatArrived) {
  Inbox inbox(4, 1);
  std::vector<std::uint32_t> woken;
  EXPECT_FALSE(inbox.has(0, 2));
  inbox.arrive(0, 2, woken);
  EXPECT_TRUE(inbox.has(0, 2));
  EXPECT_FALSE(inbox.has(0, 1));
  EXPECT_FALSE(inbox.has(1, 2));
}

TEST(Inbox, WakesThoseThatWaitForTheChunk) {
  Inbox inbox(4, 3);
  std::vector<std::uint32_t> woken;
  inbox.wait_for({.image = 0, .chunk = 1, .group = 7});
  inbox.wait_for({.image = 0, .chunk = 2, .group = 8});
  inbox.wait_for({.image = 0, .chunk = 1, .group = 9});
  inbox.arrive(0, 1, woken);
  EXPECT_EQ(woken, (std::vector<std::uint32_t>{7, 9}));
  woken.clear();
  inbox.arrive(1, 2, woken);
  EXPECT_TRUE(woken.empty());
  inbox.arrive(0, 2, woken);
  EXPECT_EQ(woken, (std::vector<std::uint32_t>{8}));
}

TEST(Inbox, KeepsLaterImagesWhenAnEarlierOneIsFinishedByAllReaders) {
  Inbox inbox(2, 2);
  std::vector<std::uint32_t> woken;
  inbox.arrive(0, 0, woken);
  inbox.arrive(1, 1, woken);
  inbox.finish_image(0);
  EXPECT_TRUE(inbox.has(0, 0));
  inbox.finish_image(0);
  EXPECT_TRUE(inbox.has(1, 1));
  EXPECT_FALSE(inbox.has(1, 0));
}

}  // namespace
}  // namespace crossloom
