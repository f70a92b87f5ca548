#include <gtest/gtest.h>

#include "compiler/packing/packer.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

TEST(PackerErrors, AnUnknownNameListsThePackersAndHints) {
  EXPECT_EQ(
      user_error([] { return packer_by_name("max_rect"); }),
      "--packer: max_rect is not one of ejection, max_rects, first_fit_decreasing, one_per_crossbar (did you mean max_rects?)");
}

TEST(PackerErrors, ANameLikeNoOtherGetsNoHint) {
  EXPECT_EQ(user_error([] { return packer_by_name("annealing"); }),
            "--packer: annealing is not one of ejection, max_rects, first_fit_decreasing, one_per_crossbar");
}

}  // namespace
}  // namespace crossloom
