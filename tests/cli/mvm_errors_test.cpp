#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/crossloom_process.h"
#include "tests/cli/example_files.h"
#include "tests/support/scratch_folder.h"

/// What `crossloom mvm` refuses: exit code 2, a message that names the place, and no output.
namespace crossloom {
namespace {

using testing::IsEmpty;
using testing::StartsWith;

const std::string kArray =
    "cell: {g_min_siemens: 1e-5, g_max_siemens: 1e-4, num_levels: 16, read_voltage_volt: 0.1}\n"
    "weights: {weight_max: 1, polarity: differential_one_sided, pair_subtraction: analog, offset_gain: exact,\n"
    "          target_precision: exact, num_slices: 1, weight_bits: 8}\n"
    "inputs: {input_max: 1, encoding: unsigned, bits: 8, bits_per_phase: 0}\n";

class MvmCommandErrors : public testing::Test {
 protected:
  MvmCommandErrors() {
    write("w.csv", "1,-1\n0,1\n");
    write("x.csv", "1\n0\n");
    write("array.yaml", kArray);
    write("noise.yaml", "read: {model: none}\n");
  }
  void write(const std::string& name, const std::string& text) const { static_cast<void>(scratch_.file(name, text)); }
  /// The message when this file holds `text`, without the program's name in front.
  [[nodiscard]] std::string message(const std::string& file, const std::string& text) const {
    write(file, text);
    const std::vector<std::string> before = scratch_.names();
    const ProcessResult result = crossloom_process({"mvm", "--weights", "w.csv", "--inputs", "x.csv", "--array", "array.yaml",
                                                    "--noise", "noise.yaml", "--trials", "2", "--out", "y.csv"},
                                                   {.folder = scratch_.path()});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_EQ(scratch_.names(), before);
    return replaced(result.err, "crossloom: error: ", "");
  }

  ScratchFolder scratch_;
};

TEST_F(MvmCommandErrors, MatricesThatAreNone) {
  EXPECT_EQ(message("w.csv", "1,2\n3\n"), "w.csv:2: 1 values, allowed: 2 as in the first row\n");
  EXPECT_EQ(message("w.csv", "1,nan\n"), "w.csv:1: nan in column 2, allowed: a finite number\n");
  EXPECT_EQ(message("w.csv", "\n"), "w.csv: holds no values\n");
}

TEST_F(MvmCommandErrors, InputsForAnotherMatrix) {
  EXPECT_EQ(message("x.csv", "1\n0\n1\n"), "x.csv: 3 rows, allowed: 2, the columns of w.csv (a column a vector)\n");
}

TEST_F(MvmCommandErrors, ArrayFileThatIsWrong) {
  EXPECT_EQ(message("array.yaml", replaced(kArray, "g_min_siemens: 1e-5, ", "")),
            "array.yaml:1: cell.g_min_siemens: is missing, allowed: a finite number from 0 to 1 (is g_max_siemens a "
            "misspelling?)\n");
  EXPECT_EQ(message("array.yaml", replaced(kArray, "1e-5", "2e-4")),
            "array.yaml: cell.g_min_siemens: 2e-04, allowed: below cell.g_max_siemens = 1e-04\n");
  EXPECT_EQ(message("array.yaml", replaced(kArray, "polarity: differential_one_sided", "polarity: twosided")),
            "array.yaml:2: weights.polarity: twosided is not one of differential_one_sided, differential_two_sided, offset\n");
}

TEST_F(MvmCommandErrors, NoiseOutsideItsFittedRange) {
  EXPECT_EQ(message("noise.yaml", "programming: {model: rram_wan, sigma_scale_fraction: 1}\n"),
            "noise.yaml: programming.model: rram_wan is known from 1e-06 to 3.926e-05 siemens, the cells range from 1e-05 to "
            "1e-04\n");
}

TEST_F(MvmCommandErrors, NonlinearCellsBehindWiresWithoutASolution) {
  write("noise.yaml", "read: {model: none}\n");
  const std::string array = replaced(kArray, "read_voltage_volt: 0.1", "read_voltage_volt: 1");
  const std::string wires = "wires: {row_ohm: 1000, col_ohm: 1000, row_terminal_ohm: 0, col_terminal_ohm: 0}\n";
  // I = G (V - 10 V^3) falls beyond 0.18 V.
  EXPECT_THAT(message("array.yaml", array + wires + "iv: {model: cubic, coefficient: 10}\n"),
              StartsWith("wires: no solution of the node voltages after "));
}

}  // namespace
}  // namespace crossloom
