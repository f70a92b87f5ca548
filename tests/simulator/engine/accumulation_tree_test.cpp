#include <gtest/gtest.h>

#include "simulator/program/verify_program.h"
#include "simulator/simulate.h"
#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

/// One crossbar of 16 rows a tile, tiles in a row; 12 columns of three row parts on tiles 0 to 2.
TestProgram three_row_parts(Accumulation accumulation) {
  ChipConfig chip = test_chip();
  chip.tile.num_crossbars = 1;
  chip.tile.accumulation = accumulation;
  chip.noc.mesh_rows = 1;
  chip.noc.mesh_cols = 4;
  chip.noc.tiles_per_router = 1;
  return chain_program(chip, {.channels = 48}, {{.output_channels = 12}});
}

TEST(AccumulationTree, AddsOnTheWayHome) {
  const TestProgram home = three_row_parts(Accumulation::kHomeTile);
  const TestProgram tree = three_row_parts(Accumulation::kTree);
  ASSERT_EQ(verify_program(tree.program), std::vector<std::string>{});
  const ChipConfig& chip = tree.program.chip;
  const TimeFs router_fs = cycles_to_fs(chip.noc.router_cycles, chip.noc.clock_hz);
  const std::int64_t flits = up(12 * chip.arithmetic.accumulator_bits, chip.noc.flit_bits);
  const TimeFs flits_fs = cycles_to_fs(flits, chip.noc.clock_hz);
  ASSERT_GT(flits_fs, router_fs);
  const auto unit_fs = [&chip](std::int64_t operations) {
    return cycles_to_fs(up(operations, chip.tile.vector_unit.lanes), chip.clock.digital_hz);
  };
  const TimeFs latency_fs = cycles_to_fs(chip.tile.vector_unit.latency_cycles, chip.clock.digital_hz);
  // All home: the sums of tile 2 follow those of tile 1 on their last links.
  const TimeFs home_fs = 2 * router_fs + 2 * flits_fs + unit_fs(36);
  // On the way: tile 2 to tile 1, 12 additions there, tile 1 to tile 0, which is left with 24 of 36 operations.
  // The row of the image comes to tile 2 a router later than to tile 1, which only the tree waits for.
  const TimeFs tree_fs = router_fs + 2 * (2 * router_fs + flits_fs) + unit_fs(12) + latency_fs + unit_fs(24);
  const TimeFs difference_fs = run_program(tree.program).image_end_fs[0] - run_program(home.program).image_end_fs[0];
  EXPECT_EQ(difference_fs, tree_fs - home_fs);
}

TEST(AccumulationTree, HalvesTheMessagesIntoTheHomeTile) {
  const RunMetrics home = simulate(three_row_parts(Accumulation::kHomeTile).program);
  const RunMetrics tree = simulate(three_row_parts(Accumulation::kTree).program);
  const auto sums_into_home = [](const RunMetrics& metrics) {
    for (const LinkMetrics& link : metrics.links) {
      if (link.from == "router (0, 0)" && link.to == "tile 0") return link.num_messages;
    }
    return std::int64_t{0};
  };
  EXPECT_EQ(sums_into_home(home), 1 + 2);  // the row of the image, and the sums
  EXPECT_EQ(sums_into_home(tree), 1 + 1);
  EXPECT_EQ(tree.events.vector_operations, home.events.vector_operations);
  EXPECT_EQ(tree.events.macs, home.events.macs);
}

}  // namespace
}  // namespace crossloom
