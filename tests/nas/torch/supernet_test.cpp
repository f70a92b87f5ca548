#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "accuracy/analog_settings.h"
#include "accuracy/network_execution.h"
#include "accuracy/synthetic_images.h"
#include "compiler/export/network_to_onnx.h"
#include "compiler/import/load_network.h"
#include "nas/search.h"
#include "nas/space/search_space_yaml.h"
#include "nas/torch/subnetwork_scorer.h"
#include "nas/torch/supernet_accuracy.h"
#include "nas/torch/supernet_training.h"
#include "simulator/hardware/chip_yaml.h"
#include "support/document.h"
#include "tests/nas/torch/tiny_space.h"
#include "tests/support/error_message.h"
#include "tests/support/scratch_folder.h"
#include "training/batch_score.h"
#include "training/training_images.h"

namespace crossloom {
namespace {

Subnetwork largest(const SearchSpace& space) { return subnetwork_of(space, largest_genotype(space)); }
Subnetwork smallest(const SearchSpace& space) {
  return subnetwork_of(space, {.values = std::vector<double>(genes_of(space).size())});
}

class SupernetTest : public testing::Test {
 protected:
  SupernetTest() : space_(tiny_space()), layout_(space_), images_(synthetic_images(120, 20, 1)) {
    use_threads(1);
    options_.num_epochs = 2;
    options_.batch_size = 24;
    options_.num_workers = 2;
    options_.flips = false;
    options_.validation_fraction = 0.2;
    supernet_.largest_fraction = 0.5;
    supernet_.num_random = 1;
    supernet_.num_calibration_images = 50;
  }

  [[nodiscard]] SupernetResult run(const std::string& folder, std::int64_t most_steps, bool resumes) const {
    const RunOptions run{
        .folder = folder, .resumes = resumes, .checkpoint_seconds = 0.0, .most_steps = most_steps, .identity = {}};
    return train_supernet(space_, images_.train, options_, supernet_, run);
  }

  SearchSpace space_;
  SharedLayout layout_;
  ImageData images_;
  TrainingOptions options_;
  SupernetOptions supernet_;
};

TEST_F(SupernetTest, InterruptedAfterEveryStepEndsWithTheSameBytes) {
  const ScratchFolder whole;
  const SupernetResult expected = run(whole.path(), 0, false);
  ASSERT_TRUE(expected.is_complete);
  EXPECT_EQ(expected.records.size(), 2U);
  const ScratchFolder parts;
  SupernetResult result = run(parts.path(), 3, false);
  int num_runs = 1;
  for (; !result.is_complete && num_runs < 100; ++num_runs) result = run(parts.path(), 3, true);
  EXPECT_EQ(num_runs, 3);  // 96 images are 4 steps an epoch
  EXPECT_EQ(result.supernet, expected.supernet);
}

TEST_F(SupernetTest, ACheckpointOfAnotherSpaceIsRefused) {
  const ScratchFolder folder;
  EXPECT_FALSE(run(folder.path(), 1, false).is_complete);
  space_.stages[0].kernels = {3};
  const std::string message = user_error([&] { return run(folder.path(), 1, true); });
  EXPECT_TRUE(message.find("checkpoint.bin: was made with another space (") != std::string::npos) << message;
}

TEST_F(SupernetTest, TrainsOnFromAnother) {
  const ScratchFolder first_folder;
  const Supernet first = run(first_folder.path(), 0, false).supernet;
  supernet_.start = first;
  options_.learning_rate = 1e-12;  // steps too small to change anything: what comes out is what went in
  const ScratchFolder second_folder;
  const SupernetResult second = run(second_folder.path(), 0, false);
  EXPECT_EQ(second.supernet.num_epochs, 4);
  ASSERT_EQ(second.supernet.values.size(), first.values.size());
  for (std::size_t i = 0; i < first.values.size(); ++i) EXPECT_NEAR(second.supernet.values[i], first.values[i], 1e-6);
}

TEST_F(SupernetTest, ACheckpointFromAnotherSupernetIsRefused) {
  const ScratchFolder folder;
  EXPECT_FALSE(run(folder.path(), 1, false).is_complete);
  const ScratchFolder other;
  supernet_.start = run(other.path(), 0, false).supernet;
  const std::string message = user_error([&] { return run(folder.path(), 1, true); });
  EXPECT_TRUE(message.find("checkpoint.bin: was made with another supernet to train on (none, now ") != std::string::npos)
      << message;
}

TEST_F(SupernetTest, TrainingOnNeedsTheImagesThatWereHeldOut) {
  const ScratchFolder first_folder;
  supernet_.start = run(first_folder.path(), 0, false).supernet;
  const ScratchFolder folder;
  const TrainingOptions good = options_;
  const auto message = [&] { return user_error([&] { return run(folder.path(), 0, false); }); };
  options_.seed = 3;
  EXPECT_EQ(message(), "--seed: 3, must be 0 as that of the supernet: other images would be held out");
  options_ = good;
  options_.validation_fraction = 0.3;
  EXPECT_EQ(message(), "--validation: 0.3, must be 0.2 as that of the supernet: other images would be held out");
  options_ = good;
  options_.normalization.scale = 2.0;
  EXPECT_EQ(message(), "--pixel-scale, --mean, --std: must be those of the supernet to train on");
  options_ = good;
  images_ = synthetic_images(120, 20, 2);
  EXPECT_EQ(message(), "--data: " + images_.train.source + ": are other images than the supernet to train on was trained on");
}

/// The loss of a network with weights gathered from shared numbers.
double loss_of(const SharedLayout& layout, const Network& network, std::span<const float> shared, LabelledBatch& batch) {
  std::vector<float> parameters = WeightSharing(layout, network).gathered(shared);
  std::vector<float> statistics(ParameterLayout(network).num_statistics());
  const NetworkModule module(network, {.parameters = parameters.data(), .statistics = statistics.data()},
                             DepthwiseGradient::kOwn);
  const NoGradients no_gradients;
  const Variable logits = module.logits(images_of(batch), BatchNormMode::kBatch);
  return static_cast<double>(cross_entropy(logits, batch.labels).values().front());
}

TEST_F(SupernetTest, GradientsOfATransformAndASliceAreThoseOfFiniteDifferences) {
  const Network network = build_network(space_, smallest(space_));
  std::vector<float> shared = layout_.initial_values(5);
  // The last scale of the residual is 0 at first, which would leave nothing to what is behind it.
  for (const SharedTensor& tensor : layout_.tensors()) {
    if (tensor.ends_residual) std::ranges::fill(std::span<float>(shared).subspan(tensor.first, tensor.count), 1.0F);
  }
  const WeightSharing sharing(layout_, network);
  std::vector<float> parameters = sharing.gathered(shared);
  std::vector<float> own(parameters.size());
  std::vector<float> statistics(ParameterLayout(network).num_statistics());
  const NetworkModule module(network,
                             {.parameters = parameters.data(), .gradients = own.data(), .statistics = statistics.data()},
                             DepthwiseGradient::kOwn);
  std::vector<std::int64_t> places(60);
  std::iota(places.begin(), places.end(), 0);
  LabelledBatch batch = plain_batch(images_.train, places, {});
  backward(cross_entropy(module.logits(images_of(batch), BatchNormMode::kBatch), batch.labels), 1.0);
  std::vector<float> gradients(shared.size());
  sharing.scatter(shared, own, gradients);
  const auto expect_gradient = [&](std::size_t first, std::size_t count) {
    // Of the numbers, the one that matters most: the least rounding in a difference of losses in binary32.
    const auto begin = gradients.begin() + static_cast<std::ptrdiff_t>(first);
    const auto most = std::max_element(begin, begin + static_cast<std::ptrdiff_t>(count),
                                       [](float a, float b) { return std::abs(a) < std::abs(b); });
    const auto place = static_cast<std::size_t>(most - gradients.begin());
    const float value = shared[place];
    constexpr float kStep = 1.0F / 128.0F;
    shared[place] = value + kStep;
    const double after = loss_of(layout_, network, shared, batch);
    shared[place] = value - kStep;
    const double before = loss_of(layout_, network, shared, batch);
    shared[place] = value;
    const double slope = (after - before) / (2.0 * static_cast<double>(kStep));
    EXPECT_GT(std::abs(slope), 1e-3);
    EXPECT_NEAR(slope, static_cast<double>(*most), 0.03 * std::abs(slope));
  };
  const KernelTransform& transform = layout_.transforms("stage1_block1_depthwise").front();
  expect_gradient(transform.first, static_cast<std::size_t>(transform.to * transform.to * transform.to * transform.to));
  const SharedTensor& slice = *layout_.find("stage1_block1_project", ParameterRole::kWeights);
  expect_gradient(slice.first, slice.count);
}

TEST_F(SupernetTest, ExportedNetworkGivesTheSameOutputs) {
  const std::vector<float> shared = layout_.initial_values(9);
  const SizedImages sized(space_, images_.train);
  const ScoringImages scoring{.calibration = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, .scored = {0}};
  const PixelNormalization plain;
  const SubnetworkScorer scorer(space_, layout_, shared, sized, sized, scoring, plain);
  TrainableNetwork inherited = scorer.inherited(smallest(space_));
  const NetworkModule module(
      inherited.network, {.parameters = inherited.values.parameters.data(), .statistics = inherited.values.statistics.data()},
      DepthwiseGradient::kOwn);
  const std::vector<std::int64_t> places = {0};
  LabelledBatch batch = plain_batch(images_.train, places, {});
  const std::vector<float> outputs = module.output(images_of(batch)).values();

  const ScratchFolder folder;
  write_onnx_model(to_onnx(inherited.network, to_store(inherited.network, inherited.values)), folder.path("n.onnx"));
  const NetworkFile file = load_network(folder.path("n.onnx"));
  Tensor image(file.network.input_shape);
  image.values = normalized_image(images_.train, 0, {});
  const Tensor expected = execute_float(file.network, load_weights(file.network, file.weights), image);
  ASSERT_EQ(outputs.size(), expected.values.size());
  for (std::size_t i = 0; i < outputs.size(); ++i)
    EXPECT_NEAR(static_cast<double>(outputs[i]), expected.values[i], 1e-5 * std::max(1.0, std::abs(expected.values[i])));
}

TEST_F(SupernetTest, EveryNetworkLearns) {
  images_ = synthetic_images(320, 20, 1);
  options_.num_epochs = 5;
  options_.crop_padding = 0;
  options_.average_decay = 0.9;
  supernet_.num_calibration_images = 125;
  const ScratchFolder folder;
  const Supernet trained = run(folder.path(), 0, false).supernet;
  const ImageSplit split = split_images(images_.train, options_.validation_fraction, options_.seed);
  const SizedImages sized(space_, images_.train);
  const ScoringImages scoring{.calibration = {split.training.begin(), split.training.begin() + 125},
                              .scored = split.validation};
  const SubnetworkScorer scorer(space_, layout_, trained.values, sized, sized, scoring, trained.normalization);
  EXPECT_GT(scorer.score(largest(space_)).accuracy_fraction, 0.2);
  EXPECT_GT(scorer.score(smallest(space_)).accuracy_fraction, 0.2);
}

/// A search for accuracy in the tiny space.
SearchFile accuracy_search(const SearchSpace& space, const std::string& further) {
  SearchFile file = parse_search_yaml(
      "space: squeezenet\nchip: edge-64\nobjectives: [accuracy, memory]\n"
      "hardware: {effort: fast}\nsearch: {population: 6, generations: 2}\n" +
          further,
      "s.yaml");
  file.space = space;
  return file;
}

TEST_F(SupernetTest, SearchForAccuracyGivesTheSameOnAnyNumberOfThreads) {
  const Supernet supernet{.space = supernet_space(space_),
                          .data = images_hash(images_.train),
                          .validation_fraction = 0.25,
                          .values = layout_.initial_values(3)};
  SearchFile file = accuracy_search(space_, "accuracy: {calibration_images: 20}\n");
  EXPECT_EQ(user_error([&] { return CandidateEvaluator(file).problem(); }),
            "s.yaml: accuracy needs images (--data) and a trained supernet (--supernet)");
  const auto candidates = [&](std::int64_t num_threads) {
    SupernetAccuracy accuracy(file, supernet, images_);
    const CandidateEvaluator evaluator(file, accuracy.scorer());
    file.options.num_threads = num_threads;
    return search(evaluator.problem(), file.options).state.candidates.all();
  };
  const auto one = candidates(1);
  EXPECT_EQ(one.size(), 18U);
  EXPECT_EQ(one, candidates(2));
}

TEST_F(SupernetTest, NoisyAccuracyIsTheMeanOfItsDrawsLessTheirDeviation) {
  const Supernet supernet{.space = supernet_space(space_),
                          .data = images_hash(images_.train),
                          .validation_fraction = 0.5,
                          .values = layout_.initial_values(3)};
  const ScratchFolder folder;
  const std::string noise = folder.file("noise.yaml", "programming: {model: normal_proportional, sigma_fraction: 0.5}\n");
  const SearchFile file = accuracy_search(space_,
                                          "constraints: {noisy_accuracy_fraction: 0.01}\n"
                                          "accuracy: {calibration_images: 20, deviations: 2, noise: " +
                                              noise + "}\n");
  const ChipConfig chip = load_chip("edge-64");
  SupernetAccuracy accuracy(file, supernet, images_);
  const CandidateAccuracy scored = accuracy.scorer().score(largest(space_), chip);
  EXPECT_EQ(scored.accuracy_fraction, accuracy.held_out_score(largest(space_)).accuracy_fraction);
  EXPECT_EQ(scored.loss, accuracy.held_out_score(largest(space_)).loss);
  // The same draws by hand.
  const SharedLayout& layout = layout_;
  const ImageSplit split = split_images(images_.train, 0.5, 0);
  const SizedImages sized(space_, images_.train);
  const ScoringImages scoring{.calibration = {split.training.begin(), split.training.begin() + 20}, .scored = split.validation};
  const SubnetworkScorer scorer(space_, layout, supernet.values, sized, sized, scoring, supernet.normalization);
  auto awareness = std::make_shared<ChipAwareness>();
  awareness->weight_bits = chip.arithmetic.weight_bits;
  awareness->errors = sample_code_errors(chip, load_settings(noise, chip).device, 256, 0);
  const std::vector<double> draws = scorer.noisy_accuracies(scorer.inherited(largest(space_)), awareness, 3);
  EXPECT_FALSE(draws[0] == draws[1] && draws[1] == draws[2]);
  const double mean = (draws[0] + draws[1] + draws[2]) / 3.0;
  const double variance =
      ((draws[0] - mean) * (draws[0] - mean) + (draws[1] - mean) * (draws[1] - mean) + (draws[2] - mean) * (draws[2] - mean)) /
      2.0;
  EXPECT_NEAR(scored.noisy_accuracy_fraction, mean - 2.0 * std::sqrt(variance), 1e-12);
}

TEST_F(SupernetTest, OtherImagesThanItsOwnAreRefusedUnlessTheSearchAllowsThem) {
  const Supernet supernet{.space = supernet_space(space_), .data = "0", .values = layout_.initial_values(3)};
  const SearchFile file = accuracy_search(space_, "");
  EXPECT_EQ(
      user_error([&] { const SupernetAccuracy accuracy(file, supernet, images_); }),
      "--data: synthetic: are other images than the supernet was trained on, allowed with accuracy: {other_images: true}");
  const SearchFile allowing = accuracy_search(space_, "accuracy: {other_images: true}\n");
  SupernetAccuracy accuracy(allowing, supernet, images_);
  const ImageData others = synthetic_images(120, 20, 2);
  // What is known of networks on some images says nothing about others.
  EXPECT_NE(accuracy.scorer().identity, SupernetAccuracy(allowing, supernet, others).scorer().identity);
}

TEST_F(SupernetTest, FileGivesItBackToTheNearestHalf) {
  const ScratchFolder folder;
  const Supernet supernet{.space = supernet_space(space_),
                          .data = "0123456789abcdef",
                          .validation_fraction = 0.25,
                          .seed = 7,
                          .num_epochs = 3,
                          .normalization = {.scale = 1.0, .mean = {0.5}, .deviation = {0.25}},
                          .values = std::vector<float>(layout_.num_parameters(), 0.5F)};
  const std::string path = folder.path("supernet.bin");
  write_supernet(path, supernet);
  EXPECT_EQ(read_supernet(path, space_), supernet);
  SearchSpace other = space_;
  other.stages[0].kernels = {3};
  const std::string message = user_error([&] { return read_supernet(path, other); });
  EXPECT_TRUE(message.find(path + ": is of another space (tiny ") == 0) << message;
  const std::string bytes = read_text_file(path);
  const std::string cut = folder.file("cut.bin", bytes.substr(0, bytes.size() / 2));
  EXPECT_EQ(user_error([&] { return read_supernet(cut, space_); }), cut + ": is cut short or damaged");
  const std::string later = folder.file("later.bin", "crossloom supernet 2\n" + bytes);
  EXPECT_EQ(user_error([&] { return read_supernet(later, space_); }),
            later + ": is a supernet of another version of crossloom");
}

}  // namespace
}  // namespace crossloom
