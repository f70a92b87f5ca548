#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "compiler/import/load_network.h"
#include "support/document.h"
#include "tests/cli/crossloom_process.h"
#include "tests/support/scratch_folder.h"

/// The `train` command on made-up images. A start of LibTorch takes half a second, so there are few of them.
namespace crossloom {
namespace {

using testing::HasSubstr;

constexpr const char* kNetwork = R"(
name: small
source: test
input: {shape: [3, 32, 32], signed: false}
layers:
  - {name: stem, type: convolution, channels: 16, kernel: 5, stride: 4, padding: 2, batch_norm: true, activation: relu}
  - {name: middle, type: convolution, channels: 16, kernel: 3, padding: 1, batch_norm: true, activation: relu}
  - {name: pool, type: global_average_pool}
  - {name: classifier, type: linear, channels: 10, bias: true, activation: softmax}
)";

class TrainCommand : public testing::Test {
 protected:
  TrainCommand() : network_(scratch_.file("small.yaml", kNetwork)) {}

  /// Trains `network` for two epochs of two steps into the folder `out`.
  [[nodiscard]] ProcessResult train(const std::string& network, const std::string& out,
                                    const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {
        "train",    network, "--data",    "synthetic", "--synthetic-images", "72",      "--batch", "32",
        "--epochs", "2",     "--threads", "1",         "--no-flip",          "--quiet", "--out",   scratch_.path(out)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return crossloom_process(arguments);
  }
  [[nodiscard]] std::string text(const std::string& file) const { return read_text_file(scratch_.path(file)); }

  ScratchFolder scratch_;
  std::string network_;
};

TEST_F(TrainCommand, QuantizesWithTheNoiseOfAFileToRangesThatAccuracyTakes) {
  const std::string noise = scratch_.file("noise.yaml", "programming: {model: normal_proportional, sigma_fraction: 0.05}\n");
  const ProcessResult result =
      train(network_, "out",
            {"--quantize", "8", "--ranges", "learned", "--noise", noise, "--chip", "rnc-mnsim-128", "--weight-limit", "2.5"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(load_network(scratch_.path("out/network.onnx")).weights.has_weights("stem"));
  EXPECT_THAT(text("out/training.csv"), HasSubstr("\n2,"));
  const auto accuracy = [&](const std::string& network) {
    return crossloom_process({"accuracy", network, "--chip", "rnc-mnsim-128", "--data", "synthetic", "--images", "4",
                              "--trials", "1", "--quiet", "--activation-ranges", scratch_.path("out/activation_ranges.json"),
                              "--out", scratch_.path("accuracy")});
  };
  const ProcessResult scored = accuracy(scratch_.path("out/network.onnx"));
  ASSERT_EQ(scored.exit_code, 0) << scored.err;
  EXPECT_THAT(text("accuracy/accuracy.json"), HasSubstr(R"("num_calibration_images": 0,)"));
  EXPECT_THAT(accuracy("resnet8_cifar10").err,
              HasSubstr("activation_ranges.json: layer middle: is not one of resnet8_cifar10"));
}

TEST_F(TrainCommand, ConvertsSumsWithTheAdcOfTheNoiseFile) {
  const auto noise = [&](const std::string& name, const std::string& range) {
    return scratch_.file(name,
                         "adc: {model: uniform, coverage_fraction: 1, mismatch_sigma_fraction: 0, offset_sigma_lsb: 0, "
                         "gain_sigma_fraction: 0, range: " +
                             range + "}\n");
  };
  const std::string fixed = noise("fixed.yaml", "fixed, largest_levels: 5");
  const std::vector<std::string> options = {"--quantize",    "8",     "--adc-start", "0.5",    "--chip",
                                            "rnc-mnsim-128", "--set", "adc.bits=3",  "--noise"};
  const auto trained = [&](std::vector<std::string> more, const std::string& out) {
    std::vector<std::string> arguments = options;
    arguments.insert(arguments.end(), more.begin(), more.end());
    return train(network_, out, arguments);
  };
  ProcessResult result = trained({fixed}, "out");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  result = trained({fixed, "--resume", "--set", "adc.bits=4"}, "out");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err,
              HasSubstr("checkpoint.bin: was made with another converters (from 0.5, fixed of 5 levels, coverage 1, chip "));
  result = trained({noise("calibrated.yaml", "calibrated_by_block")}, "never");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("adc.range: calibrated_by_block, allowed with --adc-start: full_scale, fixed, calibrated"));
  result = train(network_, "never", {"--quantize", "6", "--adc-start", "0.5", "--chip", "rnc-mnsim-128"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--quantize: 6, allowed with --adc-start: 8, the chip's arithmetic.weight_bits"));
}

TEST_F(TrainCommand, PrunesAndTheCompilerDropsIt) {
  ProcessResult result = train(
      network_, "out", {"--prune", "0.5", "--chip", "rnc-mnsim-128", "--noise-sigma", "0.02:0.05", "--prune-method", "admm"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string summary = text("out/training.json");
  EXPECT_THAT(summary, HasSubstr(R"("stage": "before")"));
  EXPECT_THAT(summary, HasSubstr(R"("stage": "after")"));
  const std::string onnx = scratch_.path("out/network.onnx");
  result = crossloom_process({"compile", onnx, "--chip", "rnc-mnsim-128", "--drop-zeros", "--out", scratch_.path("map")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  result = crossloom_process({"verify", scratch_.path("map")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  // 75, 144 and 16 rows: half of the weights are gone in whole rows, so of the rows of 10 columns no more than of those of 16.
  EXPECT_THAT(text("map/tilemap.json"), testing::Not(HasSubstr(R"("rows": 144,)")));
  result = crossloom_process({"accuracy", onnx, "--chip", "rnc-mnsim-128", "--map", scratch_.path("map"), "--data", "synthetic",
                              "--images", "4", "--trials", "1", "--quiet"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  // Another learns from it.
  result = train(network_, "pupil",
                 {"--teacher", onnx, "--teacher", onnx, "--teacher-share", "0.7", "--mixup", "0.2", "--cutout", "8"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  result = train(network_, "pupil", {"--resume", "--teacher", onnx, "--mixup", "0.2", "--cutout", "8"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("pupil/checkpoint.bin: was made with another teacher (share 0.7, "));
  result = train("resnet8_cifar10", "never", {"--teacher", network_});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--teacher: " + network_ + ": has no weights"));
  // A network trained further without --keep-zeros is no longer the one that was compiled; with it it is.
  result = train(onnx, "kept", {"--keep-zeros"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  result = crossloom_process({"accuracy", scratch_.path("kept/network.onnx"), "--chip", "rnc-mnsim-128", "--map",
                              scratch_.path("map"), "--data", "synthetic", "--images", "4", "--trials", "1", "--quiet"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(TrainCommand, ResumesOnlyWhatItBegan) {
  ASSERT_EQ(train(network_, "out").exit_code, 0);
  const std::string onnx = text("out/network.onnx");
  std::filesystem::remove(scratch_.path("out/network.onnx"));
  ASSERT_EQ(train(network_, "out", {"--resume"}).exit_code, 0);
  EXPECT_EQ(text("out/network.onnx"), onnx);
  const std::string checkpoint = text("out/checkpoint.bin");
  ProcessResult result = train(network_, "out", {"--resume", "--seed", "1"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("checkpoint.bin: was made with another start ("));
  // The network has weights from here on.
  result = train(scratch_.path("out/network.onnx"), "never", {"--zero-residuals"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--zero-residuals: has no effect: the network has weights already"));
  EXPECT_FALSE(std::filesystem::exists(scratch_.path("never")));
  static_cast<void>(scratch_.file("out/checkpoint.bin", checkpoint.substr(0, checkpoint.size() / 2)));
  result = train(network_, "out", {"--resume"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("checkpoint.bin: "));
  EXPECT_EQ(text("out/network.onnx"), onnx);
}

TEST(TrainCommandErrors, AreSaidBeforeLibTorchStarts) {
  const auto refused = [](const std::vector<std::string>& options) {
    std::vector<std::string> arguments = {"train", "lenet5", "--data", "synthetic", "--out", "never"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const ProcessResult result = crossloom_process(arguments);
    EXPECT_EQ(result.exit_code, 2);
    return result.err;
  };
  EXPECT_EQ(refused({"--prune", "0.95", "--chip", "isaac-ce"}),
            "crossloom: error: --prune: 0.95, allowed: a number, 0.001 to 0.9\n");
  EXPECT_EQ(refused({"--prune", "0.5", "--chip", "isaac-ce", "--max-blocks-per-crossbar", "some"}),
            "crossloom: error: --max-blocks-per-crossbar: some, allowed: a whole number, 0 to 2147483648\n");
  EXPECT_EQ(refused({"--prune", "0.5"}), "crossloom: error: --noise, --noise-sigma, --adc-start, --prune: need --chip\n");
  EXPECT_EQ(refused({"--prune", "0.5", "--prune-shape", "tiles", "--chip", "isaac-ce"}),
            "crossloom: error: --prune-shape: tiles is not one of rows, columns, blocks\n");
  EXPECT_EQ(refused({"--noise", "n.yaml", "--chip", "isaac-ce"}),
            "crossloom: error: --noise: needs --quantize, whose codes it is about\n");
  EXPECT_EQ(refused({"--chip", "isaac-ce"}),
            "crossloom: error: --chip: has no effect without --noise, --noise-sigma, --adc-start or --prune\n");
  EXPECT_EQ(refused({"--adc-start", "0.5", "--chip", "isaac-ce"}),
            "crossloom: error: --adc-start: needs --quantize, whose codes make the sums\n");
  EXPECT_EQ(refused({"--adc-start", "2", "--quantize", "8", "--chip", "isaac-ce"}),
            "crossloom: error: --adc-start: 2, allowed: a number, 0 to 1\n");
  EXPECT_EQ(refused({"--device", "gpu"}), "crossloom: error: --device: gpu is not one of auto, cpu, cuda\n");
  EXPECT_EQ(refused({"--device", "cuda", "--threads", "2"}), "crossloom: error: --threads: 2, allowed with --device cuda: 1\n");
  EXPECT_EQ(refused({"--ranges", "learned"}), "crossloom: error: --ranges: learned, allowed without --quantize: percentile\n");
  EXPECT_EQ(refused({"--quantize", "8", "--ranges", "lsq"}),
            "crossloom: error: --ranges: lsq is not one of percentile, learned\n");
  EXPECT_EQ(refused({"--mixup", "1.5"}), "crossloom: error: --mixup: 1.5, allowed: a number, 0 to 1\n");
  EXPECT_EQ(refused({"--cutout", "-1"}), "crossloom: error: --cutout: -1, allowed: a whole number, 0 to 1024\n");
  EXPECT_EQ(refused({"--teacher-share", "0.2"}), "crossloom: error: --teacher-share: has no effect without --teacher\n");
  EXPECT_EQ(refused({"--teacher", "resnet8_cifar10", "--teacher-share", "0"}),
            "crossloom: error: --teacher-share: 0, allowed: a number, 1e-06 to 1\n");
  EXPECT_FALSE(std::filesystem::exists("never"));
}

TEST_F(TrainCommand, TakesTheGpuOnlyWhereThereIsOne) {
  const ProcessResult result = train(network_, "out", {"--device", "cuda"});
  if (result.exit_code == 0) GTEST_SKIP() << "there is one";
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--device: cuda, allowed here: auto, cpu ("));
  EXPECT_FALSE(std::filesystem::exists(scratch_.path("out")));
}

TEST_F(TrainCommand, RefusesOtherImages) {
  // The shape is that of the images unless --input says another one.
  const ProcessResult result = train(network_, "out", {"--input", "1x3x16x16"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("takes images of 3x16x16, those of"));
}

}  // namespace
}  // namespace crossloom
