#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/program/verify_program.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

using testing::Contains;
using testing::ElementsAre;

/// layer0: 27 x 20 weights in two copies (crossbars 0-3 and 4-7), layer1: 20 x 4 weights (crossbars 8 and 9).
TestProgram small_pair() {
  return chain_program(test_chip(), {.channels = 3, .height = 4, .width = 4},
                       {{.output_channels = 20, .kernel = 3, .padding = 1, .num_copies = 2}, {.output_channels = 4}});
}

std::vector<std::string> findings_of(const TestProgram& test) { return verify_agreement(test.tile_map, test.program); }

TEST(VerifyAgreementErrors, NamesWhatDiffersInTheHeader) {
  TestProgram test = small_pair();
  test.program.network = "other";
  test.program.seed = 8;
  test.program.crossbar_budget = 15;
  test.program.crossbar_lower_bound = 1;
  test.program.chip.adc.bits = 7;
  EXPECT_THAT(findings_of(test),
              ElementsAre("network: chain in the tile map, other in the program", "seed: 7 in the tile map, 8 in the program",
                          "crossbar_budget: 16 in the tile map, 15 in the program",
                          "crossbar_lower_bound: 5 in the tile map, 1 in the program",
                          "chip: the tile map and the program are for different chips"));
}

TEST(VerifyAgreementErrors, NamesABlockTheProgramMoved) {
  TestProgram test = small_pair();
  test.program.operations[1].copies[0].blocks[1].crossbar = 12;
  EXPECT_THAT(findings_of(test), ElementsAre("operations[1] (layer0).copies[0].blocks[1]: the tile map has no block at row 0, "
                                             "column 0 of crossbar 12",
                                             "crossbars[1].blocks[0] of the tile map: no operation of the program runs it"));
}

TEST(VerifyAgreementErrors, NamesABlockRunTwice) {
  TestProgram test = small_pair();
  test.program.operations[2].copies[0].blocks[1] = test.program.operations[2].copies[0].blocks[0];
  EXPECT_THAT(findings_of(test),
              ElementsAre("operations[2] (layer1).copies[0].blocks[1]: another operation runs the block at row "
                          "0, column 0 of crossbar 8",
                          "crossbars[9].blocks[0] of the tile map: no operation of the program runs it"));
}

TEST(VerifyAgreementErrors, NamesCopiesThatChangedPlaces) {
  TestProgram test = small_pair();
  std::vector<CopyRecord>& copies = test.program.operations[1].copies;
  std::swap(copies[0].blocks[3], copies[1].blocks[3]);
  EXPECT_THAT(
      findings_of(test),
      ElementsAre("operations[1] (layer0).copies[0].blocks[3]: crossbars[7].blocks[0] of the tile map is matrix 0, copy 1, "
                  "not matrix 0, copy 0",
                  "operations[1] (layer0).copies[1].blocks[3]: crossbars[3].blocks[0] of the tile map is matrix 0, copy 0, "
                  "not matrix 0, copy 1"));
}

TEST(VerifyAgreementErrors, NamesABlockOfAnotherSize) {
  TestProgram test = small_pair();
  test.program.operations[2].copies[0].blocks[1].cols = 3;
  EXPECT_THAT(
      findings_of(test),
      ElementsAre("operations[2] (layer1).copies[0].blocks[1]: 4 x 3, crossbars[9].blocks[0] of the tile map is 4 x 4"));
}

TEST(VerifyAgreementErrors, NamesActivationsThatAreNotTheGroups) {
  TestProgram test = chain_program(test_chip(), {.channels = 4}, {{.output_channels = 4, .num_groups = 4}});
  test.program.operations[1].copies[0].blocks[0].num_activations = 3;
  EXPECT_THAT(findings_of(test),
              ElementsAre("operations[1] (layer0).copies[0].blocks[0].num_activations: 3, its columns belong to 4 groups"));
}

TEST(VerifyAgreementErrors, NamesBlocksOfOnePartThatReadOtherInputs) {
  TestProgram test = small_pair();
  test.program.operations[2].copies[0].blocks[1].input_part = 0;
  EXPECT_THAT(findings_of(test),
              ElementsAre("operations[2] (layer1).copies[0].blocks[1].input_part: 0, but its block reads other "
                          "inputs than the first of that part"));
}

TEST(VerifyAgreementErrors, NamesAnOperationThatDoesNotFitItsMatrix) {
  TestProgram test = small_pair();
  test.program.operations[2].name = "other";
  test.program.operations[2].num_macs = 81;
  test.program.operations[2].inputs[0].operation = 0;
  EXPECT_THAT(findings_of(test),
              ElementsAre("operations[2] (other).name: matrices[1] of the tile map is layer1",
                          "operations[2] (other).num_macs: 81, its matrix of 20 x 4 asks for 80",
                          "operations[2] (other).inputs: 3 values a window, its matrix has 20 rows in 1 groups"));
}

TEST(VerifyAgreementErrors, NamesAWrongNumberOfCopiesOrMatrices) {
  TestProgram test = small_pair();
  test.tile_map.num_copies[0] = 3;
  test.tile_map.matrices.push_back(test.tile_map.matrices[0]);
  EXPECT_THAT(findings_of(test), ElementsAre("operations[1] (layer0).copies: 2, num_copies[0] of the tile map differs",
                                             "operations: 2 crossbar operations, the tile map has 3 matrices"));
}

}  // namespace
}  // namespace crossloom
