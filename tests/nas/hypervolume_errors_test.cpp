#include <gtest/gtest.h>

#include "nas/hypervolume.h"
#include "support/error.h"

namespace crossloom {
namespace {

TEST(HypervolumeErrors, APointOfAnotherLengthThanTheReferenceIsRefused) {
  EXPECT_THROW((void)hypervolume(std::vector<std::vector<double>>{{1.0}}, std::vector<double>{2.0, 2.0}), InternalError);
}

}  // namespace
}  // namespace crossloom
