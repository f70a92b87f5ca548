#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/simulate.h"
#include "support/error.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

template <class Call>
std::string message_of(Call&& call) {
  try {
    call();
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

TEST(SimulateErrors, ABatchOutsideItsRange) {
  const TestProgram test = single_crossbar_program(test_chip(), {.channels = 4}, 3);
  EXPECT_EQ(message_of([&] { (void)simulate(test.program, {.batch = 0}); }), "--batch: 0, allowed 1 to 1048576");
  EXPECT_EQ(message_of([&] { (void)simulate(test.program, {.batch = 1048577}); }), "--batch: 1048577, allowed 1 to 1048576");
}

TEST(SimulateErrors, AProgramThatDoesNotVerify) {
  TestProgram test = single_crossbar_program(test_chip(), {.channels = 4}, 3);
  test.program.operations.at(1).copies.at(0).num_windows = 2;
  EXPECT_THAT(message_of([&] { (void)simulate(test.program); }), testing::StartsWith("program: operations[1]"));
}

TEST(SimulateErrors, AStepLongerThanASecond) {
  TestProgram test = single_crossbar_program(test_chip(), {.channels = 4}, 3);
  test.program.chip.io.bits_per_s = 1;
  EXPECT_EQ(message_of([&] { (void)simulate(test.program); }),
            "simulation: a window in a digital unit or at the IO port takes longer than a second: the chip is too slow to "
            "simulate");
}

}  // namespace
}  // namespace crossloom
