#include "compiler/scheduling/given_placement.h"

#include <gtest/gtest.h>

#include <variant>

#include "compiler/compile.h"
#include "simulator/program/verify_program.h"
#include "tests/compiler/example_layers.h"
#include "tests/simulator/program/test_programs.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

/// A convolution of 9 windows with one block of 9 x 8, then a linear layer with blocks of 16 x 3 and, thrice, 16 x 3 rows
/// below.
PlacedProgram small_program(std::int64_t budget) {
  const Network network =
      infer_shapes(network_of({1, 5, 5}) + convolution("a", 8, 3, 1, 0) + max_pool("pool", 2, 1) + linear("b", 3));
  return std::get<CompiledNetwork>(compile(network, test_chip(), {.budget = {.count = budget}})).program;
}

std::vector<RncPlacement> placements_of(const PlacedProgram& program) {
  std::vector<RncPlacement> placements;
  std::int64_t layer = 0;
  for (const Operation& operation : program.operations) {
    if (operation.kind != OperationKind::kCrossbar) continue;
    for (const CopyRecord& copy : operation.copies) {
      for (const BlockRecord& block : copy.blocks) {
        placements.push_back({.layer = layer,
                              .crossbar = block.crossbar,
                              .row0 = block.row0,
                              .col0 = block.col0,
                              .rows = block.rows,
                              .cols = block.cols});
      }
    }
    ++layer;
  }
  return placements;
}

std::string error_of(const PlacedProgram& program, const std::vector<RncPlacement>& placements) {
  return user_error([&] { return with_placements(program, placements, "p.csv"); });
}

TEST(GivenPlacement, OfAProgramsOwnPlacesIsTheProgram) {
  for (const std::int64_t budget : {3, 5, 9}) {
    PlacedProgram program = small_program(budget);
    const PlacedProgram again = with_placements(program, placements_of(program), "p.csv");
    program.crossbar_budget = again.crossbar_budget;
    EXPECT_EQ(again, program);
  }
}

TEST(GivenPlacement, MakesAsManyCopiesAsThereAreBlocks) {
  const PlacedProgram program = small_program(3);
  std::vector<RncPlacement> placements = placements_of(program);
  const RncPlacement first = placements.front();  // of the convolution
  for (std::int64_t crossbar = 8; crossbar < 11; ++crossbar)
    placements.push_back({.layer = 0, .crossbar = crossbar, .row0 = 1, .col0 = 0, .rows = first.rows, .cols = first.cols});
  const PlacedProgram placed = with_placements(program, placements, "p.csv");
  EXPECT_TRUE(verify_program(placed).empty());
  EXPECT_EQ(placed.operations[1].copies.size(), program.operations[1].copies.size() + 3);
  EXPECT_EQ(placed.operations[1].copies.back().blocks.front().crossbar, 10);
  EXPECT_EQ(placed.operations[1].copies.back().blocks.front().row0, 1);
  EXPECT_EQ(placed.crossbar_budget, 11);
}

TEST(GivenPlacement, KeepsNoMoreCopiesThanWindows) {
  const PlacedProgram program = small_program(3);
  std::vector<RncPlacement> placements = placements_of(program);
  const RncPlacement linear = placements.back();
  for (RncPlacement placement : placements_of(program)) {
    if (placement.layer != linear.layer) continue;
    placement.crossbar = 12;  // a second copy of a layer with one window
    placements.push_back(placement);
  }
  const PlacedProgram placed = with_placements(program, placements, "p.csv");
  EXPECT_EQ(placed.operations[3].copies.size(), 1U);
  EXPECT_LT(placed.crossbar_budget, 13);
}

TEST(GivenPlacementErrors, NameWhatIsNotThere) {
  const PlacedProgram program = small_program(3);
  std::vector<RncPlacement> placements = placements_of(program);
  placements.front().layer = 2;
  EXPECT_EQ(error_of(program, placements), "p.csv: layer 2, allowed: 0 to 1, the layers with blocks");
  placements = placements_of(program);
  placements.front().crossbar = 16;
  EXPECT_EQ(error_of(program, placements), "p.csv: crossbar 16, allowed: 0 to 15, the crossbars of chip " + program.chip.name);
  placements = placements_of(program);
  placements.front().rows = 8;
  EXPECT_EQ(error_of(program, placements), "p.csv: layer 0 (a): a block of 8 x 8 weights, which it does not have");
}

TEST(GivenPlacementErrors, AskForWholeCopies) {
  const PlacedProgram program = small_program(3);
  std::vector<RncPlacement> placements = placements_of(program);
  placements.pop_back();
  EXPECT_TRUE(error_of(program, placements).starts_with("p.csv: layer 1 (b): ")) << error_of(program, placements);
  EXPECT_EQ(
      error_of(program, {}),
      "p.csv: layer 0 (a): 0 blocks of 9 x 8 weights, allowed: 1 for each of its copies, as many copies of every size, at "
      "least one");
}

}  // namespace
}  // namespace crossloom
