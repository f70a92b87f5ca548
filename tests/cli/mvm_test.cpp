#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "simulator/analog/matrix_file.h"
#include "tests/cli/crossloom_process.h"
#include "tests/cli/example_files.h"
#include "tests/support/scratch_folder.h"

/// `crossloom mvm` as a process.
namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kExactArray =
    "cell: {g_min_siemens: 1e-5, g_max_siemens: 1e-4, num_levels: 0, read_voltage_volt: 0.1}\n"
    "weights: {weight_max: 2, polarity: differential_one_sided, pair_subtraction: analog, offset_gain: exact,\n"
    "          target_precision: exact, num_slices: 1, weight_bits: 8}\n"
    "inputs: {input_max: 4, encoding: unsigned, bits: 0, bits_per_phase: 0}\n";

class MvmCommand : public testing::Test {
 protected:
  MvmCommand() {
    write("w.csv", "1,-2,0.5\n0,1.5,2\n");
    write("x.csv", "4,1\n2,0\n1,3\n");
    write("array.yaml", kExactArray);
    write("noise.yaml",
          "programming: {model: normal_proportional, sigma_fraction: 0.1}\nread: {model: normal_independent, "
          "sigma_fraction: 0.1}\n");
  }
  void write(const std::string& name, const std::string& text) const { static_cast<void>(scratch_.file(name, text)); }
  [[nodiscard]] ProcessResult run(const std::vector<std::string>& options) const {
    std::vector<std::string> arguments = {"mvm", "--weights", "w.csv", "--inputs", "x.csv", "--array", "array.yaml"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return crossloom_process(arguments, {.folder = scratch_.path()});
  }
  [[nodiscard]] RealMatrix matrix(const std::string& name) const { return read_matrix(scratch_.path(name)); }

  ScratchFolder scratch_;
};

TEST_F(MvmCommand, WithoutEffectsWritesTheProduct) {
  const ProcessResult result = run({"--out", "y.csv"});
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.exit_code, 0);
  // W X by hand: (4 - 4 + 0.5, 1 + 1.5) and (3 + 2, 6); weights below the least level would be off, these are not.
  const RealMatrix outputs = matrix("y.csv");
  ASSERT_EQ(outputs.rows, 2);
  const std::vector<double> expected = {0.5, 2.5, 5.0, 6.0};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(outputs.values[i], expected[i], 1e-12);
  EXPECT_THAT(scratch_.names(), ElementsAre("array.yaml", "noise.yaml", "w.csv", "x.csv", "y.csv"));
}

TEST_F(MvmCommand, ReadsAndWritesNpy) {
  write_matrix(scratch_.path("w.npy"), matrix("w.csv"));
  write_matrix(scratch_.path("x.npy"), matrix("x.csv"));
  EXPECT_EQ(run({"--out", "y.csv"}).err, "");
  EXPECT_EQ(crossloom_process({"mvm", "--weights", "w.npy", "--inputs", "x.npy", "--array", "array.yaml", "--out", "y.npy"},
                              {.folder = scratch_.path()})
                .err,
            "");
  EXPECT_EQ(matrix("y.npy"), matrix("y.csv"));
}

TEST_F(MvmCommand, MeanAndDeviationAreThoseOfTheTrials) {
  // Trial t of several is trial 0 of none: the first trial's outputs do not depend on how many follow.
  EXPECT_EQ(run({"--noise", "noise.yaml", "--trials", "1", "--out", "first.csv"}).err, "");
  EXPECT_EQ(run({"--noise", "noise.yaml", "--trials", "2", "--out", "y.csv"}).err, "");
  const RealMatrix first = matrix("first.csv");
  EXPECT_EQ(matrix("y.csv"), first);
  const RealMatrix mean = matrix("y_mean.csv");
  const RealMatrix deviation = matrix("y_std.csv");
  for (std::size_t i = 0; i < first.values.size(); ++i) {
    // Of two values a and b the sample's deviation is |a - b| / sqrt(2) = sqrt(2) |a - mean|.
    EXPECT_NEAR(deviation.values[i], std::sqrt(2.0) * std::abs(first.values[i] - mean.values[i]), 1e-12);
    EXPECT_GT(deviation.values[i], 0.0);
  }
}

TEST_F(MvmCommand, SameSeedSameBytesOnOneAndTwoThreads) {
  const auto run_on = [&](const std::string& threads) {
    const ProcessResult result =
        run({"--noise", "noise.yaml", "--trials", "5", "--seed", "3", "--threads", threads, "--out", "y.csv", "--json"});
    return std::vector<std::string>{result.out, text_of(scratch_.path("y.csv")), text_of(scratch_.path("y_mean.csv")),
                                    text_of(scratch_.path("y_std.csv"))};
  };
  EXPECT_EQ(run_on("1"), run_on("2"));
}

TEST_F(MvmCommand, ReportsClippedWeightsAndTheRangeInUse) {
  write("array.yaml", replaced(kExactArray, "weight_max: 2", "weight_max: 1.5"));
  const ProcessResult result = run({"--out", "y.csv", "--json"});
  // -2 and 2 of six weights lie outside; conductances reach from g_min to g_max.
  EXPECT_THAT(result.out, HasSubstr("\"clipped_weights_fraction\": 0.3333333333333333"));
  EXPECT_THAT(result.out, HasSubstr("\"g_high_siemens\": 1e-04"));
}

TEST_F(MvmCommand, CountsPulsesOfWriteVerify) {
  write("noise.yaml",
        "programming: {model: normal_proportional, sigma_fraction: 0}\n"
        "write_verify: {max_pulses: 10, tolerance_fraction: 0.01, pulse_ns: 100, pulse_energy_pj: 2}\n");
  const ProcessResult result = run({"--noise", "noise.yaml", "--out", "y.csv", "--json"});
  // 6 weights in pairs of cells, each right at the first pulse.
  EXPECT_THAT(result.out, HasSubstr("\"num_write_pulses\": 12"));
  EXPECT_THAT(result.out, HasSubstr("\"write_energy_pj\": 24"));
}

}  // namespace
}  // namespace crossloom
