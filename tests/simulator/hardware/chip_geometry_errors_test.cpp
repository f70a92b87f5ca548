#include <gtest/gtest.h>

#include "simulator/hardware/chip_geometry.h"
#include "support/error.h"
#include "tests/simulator/hardware/round_chip.h"

namespace crossloom {
namespace {

TEST(ChipGeometryErrors, CrossbarAndTileMustExist) {
  const ChipConfig chip = round_chip();
  EXPECT_THROW(static_cast<void>(tile_of_crossbar(chip, -1)), InternalError);
  EXPECT_THROW(static_cast<void>(tile_of_crossbar(chip, 48)), InternalError);
  EXPECT_THROW(static_cast<void>(router_of_tile(chip, 12)), InternalError);
}

TEST(ConversionsPerAdcErrors, ColumnsMustLieInTheCrossbar) {
  const ChipConfig chip = round_chip();  // 12 weight columns
  EXPECT_THROW(static_cast<void>(conversions_per_adc(chip, -1, 1)), InternalError);
  EXPECT_THROW(static_cast<void>(conversions_per_adc(chip, 0, 0)), InternalError);
  EXPECT_THROW(static_cast<void>(conversions_per_adc(chip, 0, 13)), InternalError);
  EXPECT_THROW(static_cast<void>(conversions_per_adc(chip, 12, 1)), InternalError);
  EXPECT_NO_THROW(static_cast<void>(conversions_per_adc(chip, 11, 1)));
}

}  // namespace
}  // namespace crossloom
