#include "simulator/engine/busy_timeline.h"

#include <gtest/gtest.h>

#include <numeric>

#include "support/random_stream.h"

namespace crossloom {
namespace {

constexpr TimeFs kFirstBinFs = TimeFs{1} << 20;

TEST(BusyTimeline, SplitsATimeOverTheBinsItCovers) {
  BusyTimeline timeline;
  timeline.add(kFirstBinFs - 10, 30);
  EXPECT_EQ(timeline.bins()[0], 10);
  EXPECT_EQ(timeline.bins()[1], 20);
}

TEST(BusyTimeline, KeepsItsBinsUpToTheLastFemtosecond) {
  BusyTimeline timeline;
  timeline.add(64 * kFirstBinFs - 1, 1);
  EXPECT_EQ(timeline.bin_fs(), kFirstBinFs);
  EXPECT_EQ(timeline.bins()[63], 1);
  timeline.add(64 * kFirstBinFs, 1);
  EXPECT_EQ(timeline.bin_fs(), 2 * kFirstBinFs);
  EXPECT_EQ(timeline.bins()[31], 1);
  EXPECT_EQ(timeline.bins()[32], 1);
}

TEST(BusyTimeline, LosesNoTimeInWhateverOrderItComes) {
  RandomStream random(5, {.purpose = RandomPurpose::kTest});
  BusyTimeline timeline;
  TimeFs added_fs = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto hold_fs = static_cast<TimeFs>(random.next_below(1'000'000'000));
    timeline.add(static_cast<TimeFs>(random.next_below(std::uint64_t{1} << (20 + i % 20))), hold_fs);
    added_fs += hold_fs;
  }
  EXPECT_EQ(std::accumulate(timeline.bins().begin(), timeline.bins().end(), TimeFs{0}), added_fs);
}

}  // namespace
}  // namespace crossloom
