#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/cli/crossloom_process.h"
#include "tests/support/scratch_folder.h"
#include "tests/sweep/example_sweep.h"

namespace crossloom {
namespace {

using testing::HasSubstr;

TEST(SweepCommandErrors, ManyPointsAreRunOnlyWhenAskedFor) {
  const ScratchFolder scratch;
  const std::string file = scratch.file("sweep.yaml",
                                        "axes:\n  network: lenet5\n  chip: edge-64\n  seed: {first: 1, last: 1e5, step: 1}\n  "
                                        "depth_split: {first: 1, last: 10000, step: 1}\n");
  const ProcessResult result = crossloom_process({"sweep", file, "--out", scratch.path("out")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("sweep.yaml: has 1,000,000,000 points before filters; --yes runs them"));
  EXPECT_FALSE(std::filesystem::exists(scratch.path("out")));
}

TEST(SweepCommandErrors, OptionsOutOfRangeAreNamed) {
  const ScratchFolder scratch;
  const std::string file = scratch.file("sweep.yaml", std::string(kSmallSweep));
  const auto message = [&](const std::vector<std::string>& options) {
    std::vector<std::string> words = {"sweep", file, "--out", scratch.path("out")};
    words.insert(words.end(), options.begin(), options.end());
    const ProcessResult result = crossloom_process(words);
    EXPECT_EQ(result.exit_code, 2);
    return result.err;
  };
  EXPECT_THAT(message({"--shard", "3/2"}), HasSubstr("--shard: 3/2, allowed: I/N with I from 1 to N"));
  EXPECT_THAT(message({"--shard", "0/2"}), HasSubstr("--shard: 0"));
  EXPECT_THAT(message({"--shard", "2"}), HasSubstr("allowed: I/N"));
  EXPECT_THAT(message({"-j", "0"}), HasSubstr("--jobs: 0, allowed: a whole number, 1 to 1024"));
  EXPECT_FALSE(std::filesystem::exists(scratch.path("out")));
}

TEST(SweepCommandErrors, WhatIsMissingIsNamed) {
  EXPECT_THAT(crossloom_process({"sweep"}).err, HasSubstr("SWEEP is missing"));
  EXPECT_THAT(crossloom_process({"sweep", "a.yaml"}).err, HasSubstr("--out is missing"));
}

}  // namespace
}  // namespace crossloom
