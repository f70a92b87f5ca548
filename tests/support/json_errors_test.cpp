#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/error.h"
#include "support/json.h"

namespace crossloom {
namespace {

TEST(JsonErrors, RefusesNumbersThatAreNotFinite) {
  EXPECT_THROW(static_cast<void>(Json(std::nan("")).dump()), InternalError);
  EXPECT_THROW(static_cast<void>(Json(std::numeric_limits<double>::infinity()).dump()), InternalError);
  EXPECT_THROW(static_cast<void>(Json(Json::Array{1.0, -std::numeric_limits<double>::infinity()}).dump()), InternalError);
}

TEST(JsonErrors, RefusesToAddToAValueOfAnotherKind) {
  Json number = 1;
  EXPECT_THROW(number.set("key", 1), InternalError);
  EXPECT_THROW(number.push_back(1), InternalError);
}

}  // namespace
}  // namespace crossloom
