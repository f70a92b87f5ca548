#include "simulator/engine/inbox.h"

#include <gtest/gtest.h>

namespace crossloom {
namespace {

TEST(Inbox, KnowsOnlyWhatWasSent) {
  Inbox inbox(4, 1);
  std::vector<std::uint32_t> woken;
  EXPECT_TRUE(inbox.arrivals_fs(0).empty());
  inbox.send(0, 2, 50, woken);
  EXPECT_EQ(inbox.arrivals_fs(0)[2], 50);
  EXPECT_EQ(inbox.arrivals_fs(0)[1], Inbox::kUnknownFs);
  EXPECT_TRUE(inbox.arrivals_fs(1).empty());
}

TEST(Inbox, WakesThoseThatWaitForTheChunk) {
  Inbox inbox(4, 3);
  std::vector<std::uint32_t> woken;
  inbox.wait_for({.image = 0, .chunk = 1, .group = 7});
  inbox.wait_for({.image = 0, .chunk = 2, .group = 8});
  inbox.wait_for({.image = 0, .chunk = 1, .group = 9});
  inbox.send(0, 1, 10, woken);
  EXPECT_EQ(woken, (std::vector<std::uint32_t>{7, 9}));
  woken.clear();
  inbox.send(1, 2, 10, woken);
  EXPECT_TRUE(woken.empty());
  inbox.send(0, 2, 10, woken);
  EXPECT_EQ(woken, (std::vector<std::uint32_t>{8}));
}

TEST(Inbox, KeepsLaterImagesWhenAnEarlierOneIsFinishedByAllReaders) {
  Inbox inbox(2, 2);
  std::vector<std::uint32_t> woken;
  inbox.send(0, 0, 10, woken);
  inbox.send(1, 1, 20, woken);
  inbox.finish_image(0);
  EXPECT_EQ(inbox.arrivals_fs(0)[0], 10);
  inbox.finish_image(0);
  EXPECT_EQ(inbox.arrivals_fs(1)[1], 20);
  EXPECT_EQ(inbox.arrivals_fs(1)[0], Inbox::kUnknownFs);
}

}  // namespace
}  // namespace crossloom
