#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "accuracy/network_execution.h"
#include "accuracy/synthetic_images.h"
#include "compiler/export/network_to_onnx.h"
#include "compiler/import/load_network.h"
#include "nas/space/search_space_yaml.h"
#include "nas/torch/subnetwork_scorer.h"
#include "nas/torch/supernet_training.h"
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

/// The loss of a network with weights gathered from shared numbers.
double loss_of(const SharedLayout& layout, const Network& network, std::span<const float> shared, LabelledBatch& batch) {
  std::vector<float> parameters = WeightSharing(layout, network).gathered(shared);
  std::vector<float> statistics(ParameterLayout(network).num_statistics());
  const NetworkModule module(network, {.parameters = parameters.data(), .statistics = statistics.data()},
                             DepthwiseGradient::kOwn);
  const NoGradients no_gradients;
  const Variable logits = module.logits(images_of(batch), BatchNormMode::kBatch);
  return static_cast<double>(cross_entropy(logits, batch.labels, 0.0).values().front());
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
  backward(cross_entropy(module.logits(images_of(batch), BatchNormMode::kBatch), batch.labels, 0.0), 1.0);
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
  images_ = synthetic_images(400, 20, 1);
  options_.num_epochs = 5;
  options_.crop_padding = 0;
  options_.average_decay = 0.9;
  supernet_.num_calibration_images = 250;
  const ScratchFolder folder;
  const Supernet trained = run(folder.path(), 0, false).supernet;
  const ImageSplit split = split_images(images_.train, options_.validation_fraction, options_.seed);
  const SizedImages sized(space_, images_.train);
  const ScoringImages scoring{.calibration = {split.training.begin(), split.training.begin() + 250},
                              .scored = split.validation};
  const SubnetworkScorer scorer(space_, layout_, trained.values, sized, sized, scoring, trained.normalization);
  EXPECT_GT(scorer.score(largest(space_)).accuracy_fraction, 0.25);
  EXPECT_GT(scorer.score(smallest(space_)).accuracy_fraction, 0.25);
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
}

}  // namespace
}  // namespace crossloom
