#include "simulator/engine/block_timing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "simulator/hardware/chip_geometry.h"
#include "simulator/hardware/chip_yaml.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

class OfPresets : public testing::TestWithParam<std::string> {};

TEST_P(OfPresets, BlockTimingsAreThoseWorkedOutOneByOne) {
  const ChipConfig chip = load_chip(GetParam());
  BlockTimings timings(chip);
  RandomStream random(3, {.purpose = RandomPurpose::kTest});
  const auto below = [&random](std::int64_t bound) {
    return static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(bound)));
  };
  const std::int64_t num_cols = num_weight_cols(chip);
  for (int trial = 0; trial < 200; ++trial) {
    BlockRecord block;
    block.rows = 1 + below(chip.crossbar.rows);
    block.col0 = below(num_cols);
    block.cols = 1 + below(std::min<std::int64_t>(num_cols - block.col0, 12));
    block.num_activations = trial % 2 == 0 ? 1 : 1 + below(block.cols);
    const bool has_signed_inputs = trial % 3 == 0;
    EXPECT_EQ(timings.of(block, has_signed_inputs), block_timing(chip, block, has_signed_inputs)) << "trial " << trial;
  }
}

std::string name_of(const testing::TestParamInfo<std::string>& chip) {
  std::string name = chip.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Chips, OfPresets, testing::ValuesIn(chip_preset_names()), name_of);

}  // namespace
}  // namespace crossloom
