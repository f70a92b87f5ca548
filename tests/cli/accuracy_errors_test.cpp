#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/accuracy_example.h"
#include "tests/cli/example_files.h"

/// What `crossloom accuracy` refuses: exit code 2, a message that names the place, and no file written.
namespace crossloom {
namespace {

using testing::IsEmpty;

class AccuracyCommandErrors : public testing::Test {
 protected:
  /// The message of a run with these options, without the program's name in front.
  [[nodiscard]] std::string message(const std::vector<std::string>& options) const {
    std::vector<std::string> all = {"--out", "out"};
    all.insert(all.end(), options.begin(), options.end());
    const ProcessResult result = example_.run(all);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_FALSE(std::filesystem::exists(example_.path("out")));
    return replaced(result.err, "crossloom: error: ", "");
  }
  void write(const std::string& name, const std::string& text) const { static_cast<void>(example_.scratch().file(name, text)); }
  [[nodiscard]] std::string message_of_noise(const std::string& text) const {
    write("noise.yaml", text);
    return message({"--noise", "noise.yaml"});
  }

  AccuracyExample example_;
};

/// The folder of images holds CIFAR-10 instead.
class Cifar10CommandErrors : public AccuracyCommandErrors {
 protected:
  Cifar10CommandErrors() {
    std::filesystem::remove_all(example_.path("images"));
    std::filesystem::create_directory(example_.path("images"));
    write("images/data_batch_1.bin", record('\0'));
    write("images/test_batch.bin", record('\1'));
  }
  static std::string record(char label) { return label + std::string(3072, '\x40'); }
};

TEST_F(Cifar10CommandErrors, TruncatedRecordIsNamedByFileAndOffset) {
  write("images/test_batch.bin", record('\1') + "cut off");
  EXPECT_EQ(message({}),
            "images/test_batch.bin: offset 3073: 7 of a record's 3073 bytes, allowed: whole records, at least one\n");
}

TEST_F(Cifar10CommandErrors, LabelOutOfRangeIsNamedByFileAndOffset) {
  write("images/data_batch_1.bin", record('\0') + record('\x0a'));
  EXPECT_EQ(message({}), "images/data_batch_1.bin: offset 3073: label 10, allowed: 0 to 9\n");
}

TEST_F(Cifar10CommandErrors, ImagesOfAnotherSizeThanTheNetworks) {
  EXPECT_EQ(message({}), "images: images of 3x32x32, allowed: 1x4x4, the input of tiny_classifier\n");
}

TEST_F(AccuracyCommandErrors, OtherClassesThanTheNetworks) {
  write("images/train-labels-idx1-ubyte", idx_file({6}, std::string("\0\1\2\0\1\2", 6)));
  EXPECT_EQ(message({}), "images: 3 classes, allowed: 2, the outputs of tiny_classifier\n");
}

TEST_F(AccuracyCommandErrors, TruncatedIdxFile) {
  write("images/t10k-images-idx3-ubyte", idx_file({5, 4, 4}, "few"));
  EXPECT_EQ(message({}), "images/t10k-images-idx3-ubyte: offset 16: 3 values, allowed: 80 as its extents say\n");
}

TEST_F(AccuracyCommandErrors, NoiseFileOutsideItsFittedRange) {
  EXPECT_EQ(message_of_noise("programming: {model: rram_milo, sigma_scale_fraction: 1}\n"),
            "noise.yaml: programming.model: rram_milo is known from 5e-05 to 0.000225 siemens, the cells range from 1e-06 to "
            "1e-04\n");
}

TEST_F(AccuracyCommandErrors, MeasuredTableThatEndsBeforeTheCells) {
  write("table.csv", "target_siemens,mean_siemens,sigma_siemens\n0,0,1e-7\n5e-5,5e-5,1e-6\n");
  EXPECT_EQ(message_of_noise("programming: {model: measured_table, deviation_scale_fraction: 1, file: table.csv}\n"),
            "noise.yaml: programming.model: measured_table is known from 0 to 5e-05 siemens, the cells range from 1e-06 to "
            "1e-04\n");
}

TEST_F(AccuracyCommandErrors, NoiseFileWithAnUnknownKey) {
  EXPECT_EQ(message_of_noise("read: {model: normal_proportional, sigma_fractoin: 0.1}\n"),
            "noise.yaml:1: read.sigma_fraction: is missing, allowed: a finite number from 0 to 10 (is sigma_fractoin a "
            "misspelling?)\n");
  EXPECT_EQ(message_of_noise("reed: {model: none}\n"), "noise.yaml:1: reed: unknown key (did you mean read?)\n");
}

TEST_F(AccuracyCommandErrors, MapOfAnotherNetwork) {
  write("tiny.yaml", kTinyNetwork);
  ASSERT_EQ(example_.crossloom({"compile", "tiny.yaml", "--chip", "rnc-mnsim-128", "--out", "map"}).exit_code, 0);
  EXPECT_EQ(message({"--map", "map"}), "tile map: is of network tiny, allowed: tiny_classifier\n");
}

TEST_F(AccuracyCommandErrors, MapForAnotherChip) {
  ASSERT_EQ(example_.crossloom({"compile", "net.onnx", "--chip", "rnc-mnsim-128", "--out", "map"}).exit_code, 0);
  EXPECT_EQ(message({"--map", "map", "--set", "adc.bits=6"}),
            "--map: map/tilemap.json was compiled for chip rnc-mnsim-128 with other values than --chip and --set give\n");
}

TEST_F(AccuracyCommandErrors, SweepOfTheChipThatTheMapIsFor) {
  EXPECT_EQ(message({"--map", "map", "--sweep", "adc.bits=4:8:1"}),
            "--sweep: adc.bits is a value of the chip, allowed with --map: keys of the noise file\n");
}

TEST_F(AccuracyCommandErrors, WeightsThatAreAllZero) {
  example_.write_network(std::vector<double>(24, 0.0));
  EXPECT_EQ(message({}), "layer classes: its weights are all zero, allowed: at least one other\n");
}

TEST_F(AccuracyCommandErrors, NetworkWithoutWeights) {
  ASSERT_EQ(example_.crossloom({"export", "net.onnx", "net.onnx", "--without-weights"}).exit_code, 0);
  EXPECT_EQ(message({}), "layer filters: the network comes without its weights\n");
}

TEST_F(AccuracyCommandErrors, SweepsOfUnknownKeysAndValues) {
  EXPECT_EQ(message({"--sweep", "read.sigma_fraction=0:1"}),
            "--sweep: read.sigma_fraction=0:1, allowed: KEY=FIRST:LAST:STEP with STEP above 0 and FIRST at most LAST, at most "
            "1000 values\n");
  EXPECT_EQ(message({"--sweep", "read.sigma_fractoin=0:1:1"}),
            "--sweep: read.sigma_fractoin: unknown key (did you mean read.sigma_fraction?)\n");
  EXPECT_EQ(message({"--sweep", "adc.bitz=4:8:1"}), "--sweep: adc.bitz: unknown key (did you mean bits?)\n");
  EXPECT_EQ(message({"--sweep", "adc.bits=4:8:0.5"}), "--sweep: adc.bits: 4.5, allowed: an integer from 1 to 16\n");
  EXPECT_EQ(message({"--sweep", "stuck_at.hrs_fraction=0:2:1"}), "--sweep: stuck_at.hrs_fraction: 2, allowed: 0 to 1\n");
}

TEST_F(AccuracyCommandErrors, SweepsThatDoNotGoTogether) {
  EXPECT_EQ(message({"--sweep", "adc.bits=4:8:1", "--sweep", "adc.bits=4:8:1"}), "--sweep: adc.bits: is swept twice\n");
  EXPECT_EQ(message({"--sweep", "adc.bits=4:8:1", "--sweep", "dac.bits=1:2:1", "--sweep", "read.sigma_fraction=0:1:1"}),
            "--sweep: 3 of them, allowed: at most 2\n");
  EXPECT_EQ(message({"--sweep", "stuck_at.hrs_fraction=0:1:1", "--sweep", "stuck_at.lrs_fraction=0:1:1"}),
            "--sweep: stuck_at: more than all cells, allowed: at most 1 together\n");
}

TEST_F(AccuracyCommandErrors, CurvesBehindWires) {
  EXPECT_EQ(
      message_of_noise("iv: {model: sinh, coefficient: 2}\n"
                       "wires: {row_ohm: 1, col_ohm: 1, row_terminal_ohm: 0, col_terminal_ohm: 0}\n"),
      "noise.yaml: iv.model: with wires every read would take a nonlinear solution of the whole array, allowed: linear (mvm "
      "solves them)\n");
}

TEST_F(AccuracyCommandErrors, NoiseSectionsOfAChip) {
  const std::string preset = chip_with("name: rnc-mnsim-128", "name: own");
  const std::int64_t line = std::ranges::count(preset, '\n') + 1;
  const auto message_of_chip = [&](const std::string& section) {
    write("chip.yaml", preset + section);
    return message({"--chip", "chip.yaml"});
  };
  EXPECT_EQ(message_of_chip("  programming: {source: test, model: lognormal, sigma_fraction: 0.3}\n"),
            "chip.yaml:" + std::to_string(line) +
                ": noise.programming: beside a figure of the same effect above 0, allowed: one of them\n");
  EXPECT_EQ(
      message_of_chip("  read: {source: test, model: normal_proportional}\n"),
      "chip.yaml:" + std::to_string(line) + ": noise.read.sigma_fraction: is missing, allowed: a finite number from 0 to 10\n");
  EXPECT_EQ(message_of_chip("  reed: {source: test, model: none}\n").substr(0, 10), "chip.yaml:");
}

TEST_F(AccuracyCommandErrors, FolderWithoutImages) {
  std::filesystem::remove_all(example_.path("images"));
  EXPECT_EQ(message({}), "--data: images is no folder, allowed: a folder of images, or synthetic\n");
}

TEST_F(AccuracyCommandErrors, AFullDiskLeavesNothing) {
  const ProcessResult result = crossloom_process(
      {"accuracy", "net.onnx", "--chip", "rnc-mnsim-128", "--data", "images", "--trials", "1", "--out", "out"},
      {.folder = example_.scratch().path(), .max_file_bytes = 100});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(example_.path("out")));
}

}  // namespace
}  // namespace crossloom
