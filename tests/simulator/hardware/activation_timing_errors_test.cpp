#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/hardware/activation_timing.h"
#include "support/error.h"
#include "tests/simulator/hardware/round_chip.h"

namespace crossloom {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(ActivationTimingErrors, SignedInputsNeedASignedEncoding) {
  ChipConfig chip = round_chip();
  chip.arithmetic.input_encoding = InputEncoding::kUnsigned;
  EXPECT_THAT([&chip] { static_cast<void>(num_phases(chip, 16, true)); },
              ThrowsMessage<UserError>(HasSubstr("arithmetic.input_encoding: unsigned, but inputs are signed")));
}

TEST(ActivationTimingErrors, BlockMustLieInTheCrossbar) {
  const ChipConfig chip = round_chip();
  for (const ActivationShape& shape :
       {ActivationShape{.rows = 0, .col0 = 0, .cols = 1}, ActivationShape{.rows = 17, .col0 = 0, .cols = 1},
        ActivationShape{.rows = 1, .col0 = 0, .cols = 0}, ActivationShape{.rows = 1, .col0 = 12, .cols = 1}}) {
    EXPECT_THROW(static_cast<void>(activation_timing(chip, shape)), InternalError);
    EXPECT_THROW(static_cast<void>(activation_events(chip, shape)), InternalError);
  }
}

TEST(ActivationTimingErrors, TimeBeyond64BitsIsRefused) {
  ChipConfig chip = round_chip();
  chip.crossbar.read_ns = 9e12;  // 8 phases of 2.5 hours
  EXPECT_THAT([&chip] { static_cast<void>(activation_timing(chip, {.rows = 16, .col0 = 0, .cols = 12})); },
              ThrowsMessage<UserError>("the time of an activation in femtoseconds overflows 64 bits"));
}

}  // namespace
}  // namespace crossloom
