#include "training/teachers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "accuracy/synthetic_images.h"
#include "compiler/import/network_yaml.h"
#include "compiler/ir/initial_weights.h"
#include "tests/support/error_message.h"
#include "tests/support/scratch_folder.h"
#include "training/training_run.h"

namespace crossloom {
namespace {

using testing::FloatNear;
using testing::Pointwise;

constexpr const char* kLinear = R"(
name: linear
source: test
input: {shape: [1, 1, 2], signed: false}
layers:
  - {name: classifier, type: linear, channels: 2, bias: true, activation: softmax}
)";

/// Answers with probability 1 / (1 + exp(-slope x0)) that an image is of the first class.
TrainableNetwork sigmoid_network(float slope) {
  const Network network = parse_network_yaml(kLinear, "linear").network;
  TrainableNetwork result = trainable(network, initial_weights(network, 1));
  result.values.parameters.assign(result.values.parameters.size(), 0.0F);
  result.values.parameters.front() = slope;  // of the first class and the first pixel
  return result;
}

LabelledBatch two_images() {
  return {.shape = {1, 1, 2}, .pixels = {0.0F, 5.0F, 1.0F, 5.0F}, .labels = {0, 1}, .targets = {1.0F, 0.0F, 0.0F, 1.0F}};
}

TEST(Teachers, AnswerTheirShareOfTheTargets) {
  std::vector<TrainableNetwork> networks;
  networks.push_back(sigmoid_network(std::log(3.0F)));  // 1/2 and 3/4
  networks.push_back(sigmoid_network(0.0F));            // 1/2 and 1/2
  const Teachers teachers(std::move(networks), 0.4, Device::kCpu);
  LabelledBatch batch = two_images();
  teachers.teach(batch);
  // 0.6 of the label and 0.4 of the mean answers: 1/2 and 5/8.
  EXPECT_THAT(batch.targets, Pointwise(FloatNear(1e-6F), std::vector<float>{0.8F, 0.2F, 0.25F, 0.75F}));
}

TEST(Teachers, AreToldApartByTheirNumbersAndTheirShare) {
  const auto identity = [](float slope, double share) {
    std::vector<TrainableNetwork> networks;
    networks.push_back(sigmoid_network(slope));
    return Teachers(std::move(networks), share, Device::kCpu).identity();
  };
  EXPECT_EQ(identity(1.0F, 0.5), identity(1.0F, 0.5));
  EXPECT_NE(identity(1.0F, 0.5), identity(2.0F, 0.5));
  EXPECT_NE(identity(1.0F, 0.5), identity(1.0F, 0.6));
}

TEST(Teachers, SayWhatTheyDoNotAnswer) {
  std::vector<TrainableNetwork> networks;
  networks.push_back(sigmoid_network(1.0F));
  const Teachers teachers(std::move(networks), 0.5, Device::kCpu);
  EXPECT_EQ(teachers.problem({1, 1, 2}, 2), "");
  EXPECT_EQ(teachers.problem({1, 2, 2}, 2), "linear takes images of 1x1x2 and knows 2 classes, needed: 1x2x2 and 2");
  EXPECT_EQ(teachers.problem({1, 1, 2}, 3), "linear takes images of 1x1x2 and knows 2 classes, needed: 1x1x2 and 3");
}

constexpr const char* kNetwork = R"(
name: small
source: test
input: {shape: [3, 32, 32], signed: false}
layers:
  - {name: stem, type: convolution, channels: 8, kernel: 5, stride: 4, padding: 2, batch_norm: true, activation: relu}
  - {name: pool, type: global_average_pool}
  - {name: classifier, type: linear, channels: 10, bias: true, activation: softmax}
)";

/// Where all labels are wrong, answers of a network that saw the right ones still lead to them.
TEST(Teachers, AreLearnedFromInTraining) {
  const Network network = parse_network_yaml(kNetwork, "small").network;
  const TrainableNetwork start = trainable(network, initial_weights(network, 1));
  const ImageData right = synthetic_images(600, 20, 1);
  const TrainingOptions options{.num_epochs = 6, .batch_size = 24, .crop_padding = 0, .flips = false};
  const ScratchFolder folder;
  const TrainingResult taught = train(start, right.train, options, {.folder = folder.path(), .identity = {}});

  ImageData wrong = right;
  for (std::uint8_t& label : wrong.train.labels) label = 0;
  std::vector<TrainableNetwork> networks;
  networks.push_back({network, taught.best});
  const auto teachers = std::make_shared<const Teachers>(std::move(networks), 1.0, Device::kCpu);
  const ScratchFolder other;
  const RunOptions run{.folder = other.path(), .identity = {}};
  const TrainingResult result = train(start, wrong.train, options, run, {.teachers = teachers});

  std::vector<std::int64_t> places(static_cast<std::size_t>(right.train.size()));
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = static_cast<std::int64_t>(i);
  Trainer scorer(start, right.train, options);
  const double of_teacher = scorer.score(taught.best, right.train, places).accuracy_fraction;
  const double of_pupil = scorer.score(result.best, right.train, places).accuracy_fraction;
  // The labels alone lead to a tenth; by them the pupil's best epoch is chosen, so it falls short of its teacher.
  EXPECT_GT(of_teacher, 0.5);
  EXPECT_GT(of_pupil, 0.5);

  // A checkpoint knows its teachers.
  const std::string path = other.path(std::string(kCheckpointFile));
  RunOptions again = run;
  again.resumes = true;
  EXPECT_EQ(user_error([&] { return train(start, wrong.train, options, again); }),
            path + ": was made with another teacher (" + teachers->identity() + ", now none)");
}

}  // namespace
}  // namespace crossloom
