#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/error.h"
#include "support/units.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

TEST(CyclesToFsErrors, RefusesATimeBeyond64Bits) {
  EXPECT_EQ(user_error([] { return cycles_to_fs(9224, 1); }), "a time in femtoseconds overflows 64 bits");
  EXPECT_EQ(user_error([] { return cycles_to_fs(std::numeric_limits<std::int64_t>::max(), 1); }),
            "a time in femtoseconds overflows 64 bits");
}

TEST(CyclesToFsErrors, RefusesNegativeCountsAndClocksThatStand) {
  EXPECT_THROW(static_cast<void>(cycles_to_fs(-1, 1)), InternalError);
  EXPECT_THROW(static_cast<void>(cycles_to_fs(1, 0)), InternalError);
  EXPECT_THROW(static_cast<void>(fs_to_cycles(-1, 1)), InternalError);
  EXPECT_THROW(static_cast<void>(fs_to_cycles(1, -1)), InternalError);
}

TEST(FsToCyclesErrors, RefusesACountBeyond64Bits) {
  const auto max = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(user_error([&] { return fs_to_cycles(max, max); }), "a number of clocks overflows 64 bits");
}

TEST(NsToFsErrors, RefusesNegativeEndlessAndUndefinedTimes) {
  EXPECT_THROW(static_cast<void>(ns_to_fs(-1e-9)), UserError);
  EXPECT_THROW(static_cast<void>(ns_to_fs(9.3e12)), UserError);
  EXPECT_THROW(static_cast<void>(ns_to_fs(std::numeric_limits<double>::infinity())), UserError);
  EXPECT_THROW(static_cast<void>(ns_to_fs(std::nan(""))), UserError);
}

}  // namespace
}  // namespace crossloom
