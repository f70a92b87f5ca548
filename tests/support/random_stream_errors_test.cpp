#include <gtest/gtest.h>

#include "support/error.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

TEST(RandomStreamErrors, RefusesToDrawBelowZero) {
  RandomStream stream(1, {});
  EXPECT_THROW(static_cast<void>(stream.next_below(0)), InternalError);
}

}  // namespace
}  // namespace crossloom
