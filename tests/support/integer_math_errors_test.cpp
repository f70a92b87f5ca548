#include <gtest/gtest.h>

#include <limits>

#include "support/error.h"
#include "support/integer_math.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

TEST(CeilDivErrors, RefusesANegativeNumeratorAndADenominatorThatIsNotPositive) {
  EXPECT_THROW(static_cast<void>(ceil_div(-1, 2)), InternalError);
  EXPECT_THROW(static_cast<void>(ceil_div(1, 0)), InternalError);
  EXPECT_THROW(static_cast<void>(ceil_div(1, -2)), InternalError);
}

TEST(CheckedMulErrors, NamesWhatOverflows) {
  EXPECT_EQ(user_error([] { return checked_mul(std::int64_t{1} << 32, std::int64_t{1} << 31, "rows x cols"); }),
            "rows x cols overflows 64 bits");
  EXPECT_EQ(user_error([] { return checked_mul(kMin, -1, "rows"); }), "rows overflows 64 bits");
}

TEST(CheckedAddErrors, NamesWhatOverflows) {
  EXPECT_EQ(user_error([] { return checked_add(kMax, 1, "windows"); }), "windows overflows 64 bits");
  EXPECT_EQ(user_error([] { return checked_add(kMin, -1, "windows"); }), "windows overflows 64 bits");
}

}  // namespace
}  // namespace crossloom
