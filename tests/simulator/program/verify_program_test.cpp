#include "simulator/program/verify_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

using testing::IsEmpty;

TEST(VerifyProgram, AcceptsEveryKindOfOperation) {
  const TestProgram test = chain_program(test_chip(), {.channels = 3, .height = 9, .width = 7},
                                         {{.output_channels = 20, .kernel = 3, .stride = 2, .padding = 1, .num_copies = 3},
                                          {.kind = OperationKind::kPooling, .kernel = 2, .num_copies = 2},
                                          {.kind = OperationKind::kVector},
                                          {.output_channels = 4, .num_groups = 4}});
  EXPECT_THAT(verify_program(test.program), IsEmpty());
  EXPECT_THAT(verify_agreement(test.tile_map, test.program), IsEmpty());
}

TEST(VerifyProgram, AcceptsTwoProducers) {
  TestProgram test = chain_program(test_chip(), {.channels = 4}, {{.output_channels = 4}, {.kind = OperationKind::kVector}});
  test.program.operations[2].inputs.push_back({.operation = 0});
  EXPECT_THAT(verify_program(test.program), IsEmpty());
}

TEST(VerifyProgram, AcceptsAPixelThatAllWindowsRead) {
  PlacedProgram program = chain_program(test_chip(), {.channels = 4, .height = 3, .width = 3},
                                        {{.kind = OperationKind::kPooling, .kernel = 3}, {.kind = OperationKind::kVector}})
                              .program;
  Operation& scale = program.operations[2];  // of 3 x 3 pixels of the image by one pixel
  scale.inputs[0].row_step = scale.inputs[0].col_step = 0;
  scale.inputs.push_back({.operation = 0});
  for (Operation* operation : {&scale, &program.operations[3]}) {
    operation->output_height = operation->output_width = 3;
    operation->copies[0].num_windows = 9;
  }
  EXPECT_THAT(verify_program(program), IsEmpty());
}

TEST(VerifyProgram, AcceptsSignedInputsOnAChipThatEncodesThem) {
  ChipConfig chip = test_chip();
  const std::vector<TestLayer> layers = {{.has_signed_inputs = true}};
  for (const InputEncoding encoding : {InputEncoding::kTwosComplement, InputEncoding::kSignMagnitudeTwoPass}) {
    chip.arithmetic.input_encoding = encoding;
    EXPECT_THAT(verify_program(chain_program(chip, {}, layers).program), IsEmpty());
  }
}

TEST(VerifyAgreement, DoesNotDependOnTheOrderOfBlocks) {
  TestProgram test = chain_program(test_chip(), {.channels = 20}, {{.output_channels = 20}});
  std::ranges::reverse(test.program.operations[1].copies[0].blocks);
  EXPECT_THAT(verify_agreement(test.tile_map, test.program), IsEmpty());
}

}  // namespace
}  // namespace crossloom
