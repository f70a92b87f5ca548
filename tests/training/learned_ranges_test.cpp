#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "accuracy/activation_ranges.h"
#include "accuracy/synthetic_images.h"
#include "compiler/import/network_yaml.h"
#include "compiler/ir/initial_weights.h"
#include "tests/support/scratch_folder.h"
#include "training/chip_awareness.h"
#include "training/training_images.h"
#include "training/training_run.h"

namespace crossloom {
namespace {

/// `most` and `both` hand codes on, so that `stem`, `most`, `side` and `both` share a range.
constexpr const char* kNetwork = R"(
name: small
source: test
input: {shape: [3, 32, 32], signed: false}
layers:
  - {name: stem, type: convolution, channels: 8, kernel: 5, stride: 4, padding: 2, batch_norm: true, activation: relu}
  - {name: most, type: max_pool, kernel: 2, stride: 2}
  - {name: side, type: convolution, input: stem, channels: 8, kernel: 3, stride: 2, padding: 1, batch_norm: true, activation: relu}
  - {name: both, type: concat, inputs: [most, side]}
  - {name: mixed, type: convolution, channels: 16, kernel: 3, padding: 1, batch_norm: true, activation: hard_swish}
  - {name: pool, type: global_average_pool}
  - {name: classifier, type: linear, channels: 10, bias: true, activation: softmax}
)";

constexpr std::int64_t kBits = 5;

class LearnedRanges : public testing::Test {
 protected:
  LearnedRanges() : images_(synthetic_images(100, 40, 1)) {
    const Network network = parse_network_yaml(kNetwork, "small").network;
    start_ = trainable(network, initial_weights(network, 1));
    options_.num_epochs = 4;
    options_.batch_size = 30;
    options_.num_workers = 2;
    options_.flips = false;
    hooks_ = chip_hooks(start_.network, std::make_shared<const ChipAwareness>(ChipAwareness{
                                            .weight_bits = kBits, .activation_bits = kBits, .ranges = RangeChoice::kLearned}));
  }

  [[nodiscard]] TrainingResult run(const std::string& folder, std::int64_t most_steps, bool resumes) const {
    const RunOptions run{
        .folder = folder, .resumes = resumes, .checkpoint_seconds = 0.0, .most_steps = most_steps, .identity = {}};
    return train(start_, images_.train, options_, run, {.hooks = hooks_});
  }

  ImageData images_;
  TrainableNetwork start_;
  TrainingOptions options_;
  HookMaker hooks_;
};

std::size_t answer(const std::vector<double>& outputs) {
  return static_cast<std::size_t>(std::ranges::max_element(outputs) - outputs.begin());
}

TEST_F(LearnedRanges, AreResumedToTheSameBytes) {
  const ScratchFolder whole;
  const ScratchFolder parts;
  const TrainingResult expected = run(whole.path(), 0, false);
  TrainingResult result = run(parts.path(), 5, false);
  while (!result.is_complete) result = run(parts.path(), 5, true);
  EXPECT_EQ(result.best, expected.best);
}

TEST_F(LearnedRanges, GiveTheSameAnswersInTheExactCodesOfAccuracy) {
  const ScratchFolder folder;
  NetworkValues best = run(folder.path(), 0, false).best;
  const Network& network = start_.network;
  const std::vector<CodeFormat> formats = code_formats(network, ParameterLayout(network).ranges(best.statistics), kBits);
  const ActivationRanges written =
      activation_ranges_from_json(activation_ranges_to_json(activation_ranges(network, formats)), "written");
  const std::vector<FoldedWeights> weights = load_weights(network, to_store(network, best));
  const QuantizedNetwork quantized =
      quantize(network, weights, output_ranges(network, written, "written"), {.weight_bits = kBits, .activation_bits = kBits});
  const NetworkModule module(network, {.parameters = best.parameters.data(), .statistics = best.statistics.data()},
                             DepthwiseGradient::kOwn);
  const ForwardHooks hooks = hooks_({.parameters = best.parameters, .statistics = best.statistics});
  std::vector<float> pixels(static_cast<std::size_t>(images_.test.shape.num_values()));
  std::vector<bool> is_given(10);
  for (std::int64_t i = 0; i < images_.test.size(); ++i) {
    write_batch(images_.test, std::vector<std::int64_t>{i}, {}, {}, pixels);
    const std::vector<float> output = module.output(Variable::images({1, 3, 32, 32}, pixels.data()), hooks).values();
    const Tensor image(network.input_shape, normalized_image(images_.test, i, {}));
    const Tensor exact = execute_quantized(quantized, image, [&](std::size_t layer, const std::vector<std::int32_t>& codes) {
      return accumulate_exactly(quantized, layer, codes);
    });
    const std::size_t given = answer({output.begin(), output.end()});
    EXPECT_EQ(given, answer(exact.values)) << "image " << i;
    is_given[given] = true;
  }
  EXPECT_GE(std::ranges::count(is_given, true), 3) << "a network of one answer would show nothing";
}

TEST_F(LearnedRanges, LeaveNothingOfTheRangesTheyReplaceInTheAverage) {
  const ScratchFolder folder;
  const NetworkValues best = run(folder.path(), 0, false).best;
  const ParameterLayout layout(start_.network);
  for (const std::size_t shared : {2U, 3U, 4U}) EXPECT_EQ(best.statistics[layout.range_of(shared)], 0.0F);
  EXPECT_GT(best.statistics[layout.range_of(1)], 0.0F);
}

/// Gradients and ranges after one forward and backward pass in training.
TEST_F(LearnedRanges, AreOneForTheLayersThatShareAFormat) {
  const Network& network = start_.network;
  const ParameterLayout layout(network);
  NetworkValues values = start_.values;
  for (std::size_t i = 0; i < network.layers.size(); ++i) values.statistics[layout.range_of(i)] = static_cast<float>(i + 1);
  std::vector<float> gradients(values.parameters.size());
  std::vector<float> range_gradients(network.layers.size());
  const NetworkModule module(
      network, {.parameters = values.parameters.data(), .gradients = gradients.data(), .statistics = values.statistics.data()},
      DepthwiseGradient::kOwn);
  std::vector<std::int64_t> places(20);
  std::iota(places.begin(), places.end(), 0);
  LabelledBatch batch = plain_batch(images_.train, places, {});
  const ForwardHooks hooks = hooks_({.parameters = values.parameters,
                                     .statistics = values.statistics,
                                     .range_gradients = range_gradients,
                                     .step = 1,
                                     .num_steps = 10,
                                     .is_training = true});
  const Variable images = Variable::images({20, 3, 32, 32}, batch.pixels.data());
  backward(cross_entropy(module.logits(images, BatchNormMode::kBatch, hooks), batch.labels), 1.0);
  // The image, stem with the range of `both`, mixed and pool; what the network puts out is not stored.
  values.statistics.pop_back();
  EXPECT_EQ(std::vector<float>(values.statistics.end() - 7, values.statistics.end()),
            (std::vector<float>{1, 5, 0, 0, 0, 6, 7}));
  for (std::size_t i = 0; i < range_gradients.size(); ++i)
    EXPECT_EQ(range_gradients[i] != 0.0F, i == 0 || i == 1 || i == 5 || i == 6) << i;
}

}  // namespace
}  // namespace crossloom
