#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/compile.h"
#include "tests/compiler/example_layers.h"
#include "tests/simulator/program/test_programs.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

std::string refusal(const CompileOptions& options) {
  const Network network = infer_shapes(network_of({1, 6, 6}) + convolution("conv", 4, 3));
  return user_error([&] { return compile(network, test_chip(), options); });
}

TEST(CompileErrors, MoreCrossbarsThanTheChipHasAreRefused) {
  EXPECT_THAT(refusal({.budget = {.count = 17}}), testing::StartsWith("--crossbars: 17, allowed: 1 to 16"));
  EXPECT_EQ(refusal({.budget = {.count = 16}}), "(no error)");
}

TEST(CompileErrors, OptionsOutOfRangeAreNamed) {
  EXPECT_EQ(refusal({.seed = -1}), "seed: -1, allowed: at least 0");
  EXPECT_EQ(refusal({.depth_split = 0}), "depth split: 0, allowed: at least 1");
  EXPECT_EQ(refusal({.conflict_distance = -2}), "conflict distance: -2, allowed: at least -1");
  EXPECT_EQ(refusal({.max_blocks_per_crossbar = -1}), "blocks a crossbar: -1, allowed: at least 0");
}

TEST(CompileErrors, AnUnknownPackerIsNamed) { EXPECT_THAT(refusal({.packer = "nosuch"}), testing::HasSubstr("nosuch")); }

}  // namespace
}  // namespace crossloom
