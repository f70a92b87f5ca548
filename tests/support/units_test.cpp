#include "support/units.h"

#include <gtest/gtest.h>

namespace crossloom {
namespace {

TEST(CyclesToFs, IsExactForAPeriodOfWholeFemtoseconds) {
  EXPECT_EQ(cycles_to_fs(1, 1'000'000'000), kFsPerNs);
  EXPECT_EQ(cycles_to_fs(128, 1'280'000'000), 100 * kFsPerNs);  // ISAAC: 128 columns at 1.28 GS/s are 100 ns
  EXPECT_EQ(cycles_to_fs(0, 1'200'000'000), 0);
}

TEST(CyclesToFs, RoundsUpOnceForAllCycles) {
  // 3 Hz: one clock is 333333333333333 1/3 fs. Rounding each clock would give 1000000000000002 for three.
  EXPECT_EQ(cycles_to_fs(1, 3), 333'333'333'333'334);
  EXPECT_EQ(cycles_to_fs(2, 3), 666'666'666'666'667);
  EXPECT_EQ(cycles_to_fs(3, 3), kFsPerSecond);
}

TEST(CyclesToFs, TakesTheLongestSpanThatFits) {
  EXPECT_EQ(cycles_to_fs(9'223'372'036'854'775'807, kFsPerSecond), 9'223'372'036'854'775'807);
  EXPECT_EQ(cycles_to_fs(9223, 1), 9223 * kFsPerSecond);
}

TEST(FsToCycles, IsTheFewestClocksThatCoverTheTime) {
  for (const std::int64_t frequency_hz : {3LL, 1'000'000'000LL, 1'200'000'000LL, 1'280'000'000LL, 7'000'000'000'000LL}) {
    for (std::int64_t cycles = 1; cycles < 200; ++cycles) {
      const TimeFs end = cycles_to_fs(cycles, frequency_hz);
      EXPECT_EQ(fs_to_cycles(end - 1, frequency_hz), cycles) << "at " << frequency_hz << " Hz";
      EXPECT_LE(cycles_to_fs(cycles - 1, frequency_hz), end - 1);
    }
  }
}

TEST(FsToCycles, OfNoTimeIsNoClock) { EXPECT_EQ(fs_to_cycles(0, 1'000'000'000), 0); }

TEST(NsToFs, TakesADecimalAtItsValue) {
  EXPECT_EQ(ns_to_fs(0.3), 300'000);
  EXPECT_EQ(ns_to_fs(0.1 + 0.2), 300'000);
  EXPECT_EQ(ns_to_fs(152.773'19), 152'773'190);
  EXPECT_EQ(ns_to_fs(0.0), 0);
}

TEST(NsToFs, RoundsAFractionOfAFemtosecondUp) {
  EXPECT_EQ(ns_to_fs(1e-7), 1);
  EXPECT_EQ(ns_to_fs(1.000'000'1), 1'000'001);
  EXPECT_EQ(ns_to_fs(152.773'190'48), 152'773'191);
}

TEST(NsToFs, TakesTheWholeRange) { EXPECT_EQ(ns_to_fs(9.2e12), 9'200'000'000'000'000'000); }

TEST(FsToNs, InvertsWholeNanoseconds) {
  for (const std::int64_t ns : {0LL, 1LL, 100LL, 1'600LL, 9'000'000'000LL})
    EXPECT_EQ(fs_to_ns(ns * kFsPerNs), static_cast<double>(ns));
}

}  // namespace
}  // namespace crossloom
