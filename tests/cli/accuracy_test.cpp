#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "accuracy/accuracy_report.h"
#include "tests/cli/accuracy_example.h"
#include "tests/cli/example_files.h"

/// `crossloom accuracy` as a process.
namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Noise that needs every image and cell to be drawn.
const std::string kNoise =
    "programming: {model: normal_proportional, sigma_fraction: 0.2}\n"
    "stuck_at: {hrs_fraction: 0.01, lrs_fraction: 0.01}\n"
    "drift: {time_s: 1000, reference_time_s: 1, nu_mean: 0.02, nu_sigma: 0.01}\n"
    "read: {model: one_over_f, sigma_fraction: 0.05, time_s: 1}\n"
    "adc: {model: sar, range: calibrated, coverage_fraction: 0.99, mismatch_sigma_fraction: 0.01, offset_sigma_lsb: 0.5,\n"
    "      gain_sigma_fraction: 0.01}\n"
    "wires: {row_ohm: 1, col_ohm: 1, row_terminal_ohm: 10, col_terminal_ohm: 10}\n";

class AccuracyCommand : public testing::Test {
 protected:
  [[nodiscard]] std::string text(const std::string& name) const { return text_of(example_.path(name)); }
  [[nodiscard]] AccuracyReport report(const std::string& folder) const {
    return accuracy_from_json(text(folder + "/accuracy.json"), "accuracy.json");
  }

  AccuracyExample example_;
};

TEST_F(AccuracyCommand, PrintsThreeAccuraciesAndTheLayers) {
  const ProcessResult result = example_.run({"--trials", "2", "--out", "out"});
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, StartsWith("tiny_classifier on rnc-mnsim-128: 5 images of images, 2 trials, 8-bit weights"));
  for (const char* line : {"floating point", "quantized, exact", "on the chip", "95 % interval", "filters", "classes"}) {
    EXPECT_THAT(result.out, HasSubstr(line));
  }
  EXPECT_EQ(report("out").num_images, 5);
  EXPECT_EQ(report("out").layers.size(), 2U);
}

TEST_F(AccuracyCommand, WithoutEffectsTheChipIsTheQuantizedNetwork) {
  static_cast<void>(example_.scratch().file(
      "ideal.yaml",
      "adc: {model: none, range: full_scale, coverage_fraction: 1, mismatch_sigma_fraction: 0, offset_sigma_lsb: 0,\n"
      "      gain_sigma_fraction: 0}\n"));
  EXPECT_EQ(example_.run({"--noise", "ideal.yaml", "--trials", "7", "--out", "out"}).exit_code, 0);
  const AccuracyReport ideal = report("out");
  EXPECT_EQ(ideal.num_trials, 1) << "nothing is random";
  EXPECT_EQ(ideal.points.front().mean_fraction, ideal.quantized_accuracy_fraction);
  for (const LayerEffect& layer : ideal.layers) EXPECT_EQ(layer.noise_to_signal_fraction, 0.0) << layer.layer;
}

TEST_F(AccuracyCommand, SameSeedSameBytesOnOneAndTwoThreads) {
  static_cast<void>(example_.scratch().file("noise.yaml", kNoise));
  const auto run = [&](const std::string& threads, const std::string& folder) {
    const ProcessResult result =
        example_.run({"--set", "crossbar.rows=16", "--set", "crossbar.cols=16", "--set", "crossbar.active_rows=16", "--noise",
                      "noise.yaml", "--trials", "3", "--seed", "5", "--threads", threads, "--out", folder, "--json"});
    EXPECT_EQ(result.err, "");
    return result.out;
  };
  EXPECT_EQ(run("1", "one"), run("2", "two"));
  for (const char* file : {"accuracy.json", "accuracy.csv", "layer_effects.csv", "activity.json", "accuracy.html"}) {
    EXPECT_EQ(text("one/" + std::string(file)), text("two/" + std::string(file))) << file;
  }
}

TEST_F(AccuracyCommand, SweepHasAPointForEachValue) {
  const ProcessResult result =
      example_.run({"--sweep", "read_noise.sigma_fraction=0:0.2:0.1", "--trials", "2", "--out", "out"});
  EXPECT_EQ(result.err, "");
  const AccuracyReport swept = report("out");
  ASSERT_EQ(swept.points.size(), 3U);
  EXPECT_DOUBLE_EQ(swept.points[2].values.at(0), 0.2);
  EXPECT_THAT(text("out/accuracy.csv"), StartsWith("read_noise.sigma_fraction,trial,accuracy_fraction\n0,0,"));
}

TEST_F(AccuracyCommand, LeavesAPageWithThePlotThatReportWritesToo) {
  ASSERT_EQ(example_.run({"--sweep", "read.sigma_fraction=0:0.1:0.05", "--trials", "2", "--out", "out"}).err, "");
  const ProcessResult page = example_.crossloom({"report", "out"});
  EXPECT_EQ(page.err, "");
  EXPECT_EQ(text("out/accuracy.html"), text("out/report.html"));
  for (const char* part :
       {"Accuracy over read.sigma_fraction", "Noise to signal by layer", "Accuracy that a layer alone costs"}) {
    EXPECT_THAT(text("out/report.html"), HasSubstr(part));
  }
  EXPECT_EQ(example_.crossloom({"report", "out", "--svg", "accuracy"}).err, "");
  EXPECT_THAT(text("out/accuracy.svg"), HasSubstr("95 % interval, high"));
}

TEST_F(AccuracyCommand, ReportOfARunAndAnAccuracyResultShowsBoth) {
  ASSERT_EQ(example_.crossloom({"run", "net.onnx", "--chip", "rnc-mnsim-128", "--out", "out"}).err, "");
  ASSERT_EQ(example_.run({"--map", "out", "--trials", "2", "--out", "out"}).err, "");
  EXPECT_EQ(example_.crossloom({"report", "out"}).err, "");
  for (const char* part : {"chip as simulated", "Accuracy that a layer alone costs", "in floating point"}) {
    EXPECT_THAT(text("out/report.html"), HasSubstr(part));
  }
}

TEST_F(AccuracyCommand, ReportOfAnEditedAccuracyFileNamesIt) {
  std::filesystem::create_directory(example_.path("out"));
  static_cast<void>(example_.scratch().file("out/accuracy.json", "{\"schema\": \"crossloom/accuracy\"}"));
  const ProcessResult result = example_.crossloom({"report", "out"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, StartsWith("crossloom: error: out/accuracy.json:"));
}

TEST_F(AccuracyCommand, SweepsKeysOfTheChip) {
  const ProcessResult result = example_.run({"--sweep", "arithmetic.weight_bits=2:8:6", "--trials", "2", "--out", "out"});
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(example_.run({"--set", "arithmetic.weight_bits=2", "--trials", "2", "--out", "two"}).err, "");
  EXPECT_EQ(example_.run({"--trials", "2", "--out", "eight"}).err, "");
  const AccuracyReport swept = report("out");
  ASSERT_EQ(swept.points.size(), 2U);
  EXPECT_EQ(swept.points[0].quantized_fraction, report("two").quantized_accuracy_fraction);
  EXPECT_EQ(swept.points[0].trials, report("two").points.front().trials);
  EXPECT_EQ(swept.points[1].trials, report("eight").points.front().trials);
}

TEST_F(AccuracyCommand, TwoSweepsMakeAGridWhosePointsAreThoseOfEachAlone) {
  EXPECT_EQ(
      example_.run({"--sweep", "adc.bits=4:8:4", "--sweep", "read.sigma_fraction=0:0.2:0.2", "--trials", "2", "--out", "grid"})
          .err,
      "");
  EXPECT_EQ(
      example_.run({"--set", "adc.bits=8", "--sweep", "read.sigma_fraction=0:0.2:0.2", "--trials", "2", "--out", "row"}).err,
      "");
  const AccuracyReport grid = report("grid");
  ASSERT_EQ(grid.points.size(), 4U);
  EXPECT_EQ(grid.points[2].values, (std::vector<double>{8.0, 0.0}));
  EXPECT_EQ(grid.points[2].trials, report("row").points[0].trials);
  EXPECT_EQ(grid.points[3].trials, report("row").points[1].trials);
  EXPECT_THAT(text("grid/accuracy.csv"), StartsWith("adc.bits,read.sigma_fraction,trial,accuracy_fraction\n4,0,0,"));
}

TEST_F(AccuracyCommand, NoiseSectionOfAChipTakesTheSectionsOfANoiseFile) {
  const std::string ideal = replaced(chip_with("programming_sigma_fraction: 0.01", "programming_sigma_fraction: 0"),
                                     "stuck_at_hrs_fraction: 0.01", "stuck_at_hrs_fraction: 0");
  static_cast<void>(example_.scratch().file(
      "chip.yaml", ideal + "  programming: {source: test, model: lognormal, sigma_fraction: 0.3}\n"
                           "  drift: {source: test, time_s: 1e6, reference_time_s: 1, nu_mean: 0.05, nu_sigma: 0.01}\n"
                           "  iv: {source: test, model: sinh, coefficient: 2}\n"));
  static_cast<void>(example_.scratch().file("noise.yaml",
                                            "stuck_at: {hrs_fraction: 0, lrs_fraction: 0.01}\n"
                                            "programming: {model: lognormal, sigma_fraction: 0.3}\n"
                                            "drift: {time_s: 1e6, reference_time_s: 1, nu_mean: 0.05, nu_sigma: 0.01}\n"
                                            "iv: {model: sinh, coefficient: 2}\n"));
  EXPECT_EQ(example_.run({"--chip", "chip.yaml", "--trials", "2", "--out", "chip"}).err, "");
  EXPECT_EQ(example_.run({"--noise", "noise.yaml", "--trials", "2", "--out", "noise"}).err, "");
  EXPECT_EQ(report("chip").layers, report("noise").layers);
  EXPECT_EQ(example_.crossloom({"compile", "net.onnx", "--chip", "chip.yaml", "--out", "map"}).err, "");
}

TEST_F(AccuracyCommand, TakesTheMapOfACompilationAndGivesActivityToSimulate) {
  ASSERT_EQ(example_.crossloom({"compile", "net.onnx", "--chip", "rnc-mnsim-128", "--out", "map"}).exit_code, 0);
  const ProcessResult result = example_.run({"--map", "map", "--trials", "2", "--out", "out"});
  EXPECT_EQ(result.err, "");
  const ProcessResult simulated = example_.crossloom({"simulate", "map", "--activity", "out/activity.json"});
  EXPECT_EQ(simulated.err, "");
  EXPECT_EQ(simulated.exit_code, 0);
  EXPECT_THAT(text("map/metrics.json"), HasSubstr("\"is_energy_value_dependent\": true"));
}

TEST_F(AccuracyCommand, BuiltInNetworksRunWithInitialWeightsOnSyntheticImages) {
  static_cast<void>(example_.scratch().file(
      "small.yaml",
      "name: small\nsource: made up for tests\ninput: {shape: [3, 32, 32], signed: true}\n"
      "expected: {parameters: 1418, macs: 12928}\nlayers:\n"
      "  - {name: filters, type: convolution, channels: 4, kernel: 8, stride: 8, bias: false, activation: relu}\n"
      "  - {name: classes, type: linear, channels: 10, bias: true}\n"));
  ASSERT_EQ(example_.crossloom({"export", "small.yaml", "small.onnx", "--initial-weights", "1"}).err, "");
  const ProcessResult result = example_.crossloom({"accuracy", "small.onnx", "--chip", "rnc-mnsim-128", "--data", "synthetic",
                                                   "--images", "3", "--calibration-images", "3", "--mean", "0.5"});
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, StartsWith("small on rnc-mnsim-128: 3 images of synthetic"));
}

}  // namespace
}  // namespace crossloom
