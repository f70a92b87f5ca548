#include "accuracy/accuracy_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <variant>

#include "accuracy/sweep_range.h"
#include "accuracy/synthetic_images.h"
#include "compiler/compile.h"
#include "simulator/hardware/chip_yaml.h"
#include "support/document.h"
#include "support/error.h"
#include "tests/accuracy/example_networks.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// Sees the gratings of synthetic_images: of each class a filter in phase and one in quadrature with both signs, ReLU, the mean
/// over the image, and the sum of the class's four.
ExampleNetwork grating_detector() {
  constexpr std::int64_t kKernel = 8;
  Network network{.name = "gratings", .source = "test", .input_shape = {3, 32, 32}, .layers = {}};
  network.layers = {
      Layer{.name = "image", .kind = LayerKind::kInput},
      Layer{.name = "filters",
            .kind = LayerKind::kConvolution,
            .inputs = {0},
            .window = {.kernel_height = kKernel, .kernel_width = kKernel, .stride_height = 4, .stride_width = 4},
            .num_output_channels = 40,
            .has_bias = true,
            .activation = Activation::kRelu},
      Layer{.name = "mean", .kind = LayerKind::kGlobalAveragePool, .inputs = {1}},
      Layer{.name = "classes", .kind = LayerKind::kLinear, .inputs = {2}, .num_output_channels = 10, .has_bias = true}};
  network = infer_shapes(network);
  std::vector<double> filters;
  std::vector<double> classes(400, 0.0);
  for (std::int64_t filter = 0; filter < 40; ++filter) {
    const Grating grating = synthetic_grating(filter / 4);
    const double phase = std::acos(0.0) * static_cast<double>(filter % 4);
    std::vector<double> plane;
    for (std::int64_t i = 0; i < kKernel * kKernel; ++i) {
      plane.push_back(std::cos(grating.radians_per_row * static_cast<double>(i / kKernel) +
                               grating.radians_per_col * static_cast<double>(i % kKernel) + phase));
    }
    const double mean = std::accumulate(plane.begin(), plane.end(), 0.0) / static_cast<double>(plane.size());
    for (int channel = 0; channel < 3; ++channel) {
      for (const double value : plane) filters.push_back(value - mean);
    }
    classes[static_cast<std::size_t>(filter / 4 * 40 + filter)] = 1.0;
  }
  ExampleNetwork result{.network = network, .weights = {}};
  set_weights(result.weights, network.layers[1], 3, filters, std::vector<double>(40, 0.0));
  set_weights(result.weights, network.layers[3], 40, classes, std::vector<double>(10, 0.0));
  return result;
}

TileMap compiled(const Network& network, const ChipConfig& chip) {
  CompileOptions options;
  options.duplicate = false;
  return std::get<CompiledNetwork>(compile(network, chip, options)).tile_map;
}

AccuracyRun run_of(const ExampleNetwork& source, const ImageData& data, std::int64_t num_threads = 1) {
  AccuracyOptions options;
  options.num_images = 40;
  options.num_calibration_images = 20;
  options.num_trials = 2;
  options.seed = 3;
  options.num_threads = num_threads;
  options.normalization.mean = {0.5};
  return {source.network, source.weights, data, compiled(source.network, load_chip("rnc-mnsim-128")), options};
}

TEST(AccuracyRun, FiltersInQuadratureSeeTheSyntheticClasses) {
  const AccuracyRun run = run_of(grating_detector(), synthetic_images(20, 40, 1));
  EXPECT_GE(run.float_accuracy(), 0.95);
  EXPECT_GE(run.quantized_accuracy(), 0.95);
}

TEST(AccuracyRun, IsTheQuantizedAccuracyWithoutEffects) {
  const AccuracyRun run = run_of(grating_detector(), synthetic_images(20, 40, 1));
  AnalogSettings ideal;
  ideal.adc.model = AdcModel::kNone;
  EXPECT_THAT(run.trials(ideal), testing::ElementsAre(run.quantized_accuracy()));
  for (const LayerEffect& effect : run.layer_effects(ideal)) {
    EXPECT_EQ(effect.noise_to_signal_fraction, 0.0);
    EXPECT_EQ(effect.accuracy_loss_fraction, 0.0);
  }
}

TEST(AccuracyRun, IsChanceWhenEveryCellIsStuck) {
  const AccuracyRun run = run_of(grating_detector(), synthetic_images(20, 40, 1));
  AnalogSettings stuck;
  stuck.device.stuck_at.hrs_fraction = 1.0;
  // All outputs are equal, the first class is chosen, and labels go round.
  EXPECT_THAT(run.trials(stuck), testing::ElementsAre(0.1, 0.1));
}

TEST(AccuracyRun, DoesNotDependOnThreads) {
  const ExampleNetwork source = grating_detector();
  const ImageData data = synthetic_images(20, 6, 1);
  AnalogSettings settings = settings_of(load_chip("rnc-mnsim-128"));
  settings.device.read = {.model = ReadNoiseModel::kNormalProportional, .magnitude = 0.3, .time_s = 0.0};
  settings.device.programming.magnitude = 0.3;
  const AccuracyRun one = run_of(source, data, 1);
  const AccuracyRun two = run_of(source, data, 2);
  EXPECT_EQ(one.trials(settings), two.trials(settings));
  EXPECT_EQ(one.layer_effects(settings), two.layer_effects(settings));
}

TEST(AccuracyRun, EveryRangeThatHoldsAllCurrentsIsExact) {
  const ExampleNetwork source = grating_detector();
  const AccuracyRun run = run_of(source, synthetic_images(20, 4, 1));
  for (const ConverterRange range : {ConverterRange::kFixed, ConverterRange::kCalibrated, ConverterRange::kCalibratedByBlock}) {
    AnalogSettings settings;
    settings.adc.range = range;
    settings.adc.largest_levels = 128.0;
    EXPECT_EQ(run.trials(settings), std::vector<double>{run.quantized_accuracy()}) << static_cast<int>(range);
  }
}

TEST(AccuracyRun, ActivityCountsDigitsAndLevels) {
  const ActivityStatistics activity = run_of(grating_detector(), synthetic_images(20, 40, 1)).activity();
  ASSERT_EQ(activity.layers.size(), 2U);
  // The linear layer: of 40 weights a column 4 are 1, code 127, seven ones on the positive side of 16 cells.
  EXPECT_NEAR(activity.layers[1].cell_level_fraction, 0.1 * 7.0 / 16.0, 1e-12);
  // One-bit digits are their own squares.
  EXPECT_EQ(activity.layers[0].input_density_fraction, activity.layers[0].input_power_fraction);
}

TEST(AccuracyRunErrors, ImagesOfAnotherSize) {
  ImageData data = synthetic_images(20, 40, 1);
  data.test.shape = {3, 16, 64};
  EXPECT_THAT([&] { return run_of(grating_detector(), data); },
              ThrowsMessage<UserError>(HasSubstr("images of 3x16x64, allowed: 3x32x32")));
}

TEST(AccuracyRunErrors, OtherClasses) {
  ImageData data = synthetic_images(20, 40, 1);
  data.train.num_classes = 100;
  EXPECT_THAT([&] { return run_of(grating_detector(), data); },
              ThrowsMessage<UserError>(HasSubstr("100 classes, allowed: 10")));
}

TEST(AccuracyRunErrors, WeightsThatAreAllZero) {
  ExampleNetwork source = grating_detector();
  set_weights(source.weights, source.network.layers[3], 40, std::vector<double>(400, 0.0), std::vector<double>(10, 1.0));
  EXPECT_THAT([&] { return run_of(source, synthetic_images(20, 40, 1)); },
              ThrowsMessage<UserError>(HasSubstr("layer classes: its weights are all zero")));
}

TEST(AccuracyRunErrors, MapOfAnotherNetwork) {
  const ExampleNetwork source = grating_detector();
  TileMap other = compiled(random_network(1).network, load_chip("rnc-mnsim-128"));
  EXPECT_THAT([&] { return map_layers(source.network, other); },
              ThrowsMessage<UserError>(HasSubstr("tile map: is of network random, allowed: gratings")));
  other.network = "gratings";
  EXPECT_THAT([&] { return map_layers(source.network, other); }, ThrowsMessage<UserError>(HasSubstr("not of layer filters")));
}

TEST(AnalogSettingsErrors, ModelOutsideItsFittedRange) {
  // Milo's fit holds from 50 to 225 uS; the cells have 1 to 100.
  EXPECT_THAT(
      [] {
        return parse_settings("programming: {model: rram_milo, sigma_scale_fraction: 1}", "noise.yaml", ".",
                              load_chip("rnc-mnsim-128"));
      },
      ThrowsMessage<UserError>(HasSubstr("noise.yaml")));
}

TEST(AnalogSettings, SweepSetsASettingAndItsModel) {
  const AnalogSettings settings = with_setting({}, "read_noise.sigma_fraction", 0.1);
  EXPECT_EQ(settings.device.read.magnitude, 0.1);
  EXPECT_EQ(settings.device.read.model, ReadNoiseModel::kNormalProportional);
  EXPECT_THAT([] { return with_setting({}, "read.sigma_fractoin", 0.1); },
              ThrowsMessage<UserError>(HasSubstr("did you mean read.sigma_fraction?")));
}

TEST(SweepRange, HasBothEnds) {
  const SweepRange range = parse_sweep("read.sigma_fraction=0:0.1:0.01");
  EXPECT_EQ(range.values.size(), 11U);
  EXPECT_NEAR(range.values.back(), 0.1, 1e-12);
  for (const char* text : {"read=1:2", "=0:1:1", "a=0:1:0", "a=1:0:1", "a=0:1:1e-9", "a=0:x:1"}) {
    EXPECT_THAT([&] { return parse_sweep(text); }, ThrowsMessage<UserError>(HasSubstr("--sweep")));
  }
}

TEST(AccuracyReport, IntervalIsStudents) {
  const std::vector<double> accuracies = {0.5, 0.6, 0.7};
  const AccuracyPoint point = summarize({}, accuracies);
  EXPECT_NEAR(point.mean_fraction, 0.6, 1e-12);
  EXPECT_NEAR(point.std_fraction, 0.1, 1e-12);
  // t of two degrees of freedom for 95 %: 4.303.
  EXPECT_NEAR(point.high_fraction - point.low_fraction, 2.0 * 4.303 * 0.1 / std::sqrt(3.0), 1e-12);
}

TEST(AccuracyReport, SchemaIsCommittedAsGenerated) {
  // `crossloom docs accuracy-schema` prints it anew.
  EXPECT_EQ(read_text_file(CROSSLOOM_SOURCE_FOLDER "/docs/schema/accuracy.schema.json"), accuracy_schema());
}

TEST(AccuracyReport, ReadsBackAsWritten) {
  AccuracyReport report{.network = "net", .chip = "chip", .data = "synthetic", .num_images = 3};
  report.points.push_back(summarize({0.25}, std::vector<double>{0.5, 0.75}));
  report.layers.push_back({.layer = "conv", .noise_to_signal_fraction = 0.125});
  EXPECT_EQ(accuracy_from_json(accuracy_to_json(report), "accuracy.json"), report);
}

}  // namespace
}  // namespace crossloom
