#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "compiler/packing/packing.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

PackingProblem problem_of(PackingItem item) {
  return {.crossbar_rows = 4, .crossbar_cols = 2, .num_crossbars = 1, .items = {{0, 1, 1}, item}};
}

std::string check_error(const PackingProblem& problem) {
  return user_error([&] {
    check(problem);
    return 0;
  });
}

TEST(CheckPackingErrors, ABlockWithMoreRowsThanACrossbar) {
  EXPECT_EQ(check_error(problem_of({0, 5, 2})), "packing: block 1 has 5 x 2 weights, a crossbar 4 x 2");
}

TEST(CheckPackingErrors, ABlockWithMoreColumnsThanACrossbar) {
  EXPECT_EQ(check_error(problem_of({0, 4, 3})), "packing: block 1 has 4 x 3 weights, a crossbar 4 x 2");
}

TEST(CheckPackingErrors, ABlockWithoutRows) {
  EXPECT_EQ(check_error(problem_of({0, 0, 2})), "packing: block 1 has 0 x 2 weights, allowed 1 x 1 and more");
}

TEST(CheckPackingErrors, ABlockWithNegativeColumns) {
  EXPECT_EQ(check_error(problem_of({0, 1, -1})), "packing: block 1 has 1 x -1 weights, allowed 1 x 1 and more");
}

TEST(CheckPackingErrors, ANegativeLayer) {
  EXPECT_EQ(check_error(problem_of({-1, 1, 1})), "packing: block 1 is of layer -1, allowed 0 and more");
}

TEST(CheckPackingErrors, ACrossbarWithoutRows) {
  PackingProblem problem = problem_of({0, 1, 1});
  problem.crossbar_rows = 0;
  EXPECT_EQ(check_error(problem), "packing: a crossbar has 0 x 2 weights, allowed 1 x 1 and more");
}

TEST(CheckPackingErrors, ANegativeBudget) {
  PackingProblem problem = problem_of({0, 1, 1});
  problem.num_crossbars = -1;
  EXPECT_EQ(check_error(problem), "packing: the budget is -1 crossbars, allowed 0 and more");
}

TEST(CheckPackingErrors, ANegativeCap) {
  PackingProblem problem = problem_of({0, 1, 1});
  problem.max_blocks_per_crossbar = -1;
  EXPECT_EQ(check_error(problem), "packing: max_blocks_per_crossbar is -1, allowed 0 (no cap) and more");
}

TEST(CheckPackingErrors, AConflictDistanceBelowMinusOne) {
  PackingProblem problem = problem_of({0, 1, 1});
  problem.conflict_distance = -2;
  EXPECT_EQ(check_error(problem), "packing: conflict_distance is -2, allowed -1 (all may share) and more");
}

TEST(CheckPackingErrors, AnAreaBeyond64Bits) {
  PackingProblem problem = problem_of({0, 1, 1});
  problem.crossbar_rows = std::int64_t{1} << 40;
  problem.crossbar_cols = std::int64_t{1} << 22;
  EXPECT_EQ(check_error(problem), "packing: area of a crossbar a block overflows 64 bits");
  problem.crossbar_cols = std::int64_t{1} << 23;
  EXPECT_EQ(check_error(problem), "packing: area of a crossbar overflows 64 bits");
}

}  // namespace
}  // namespace crossloom
