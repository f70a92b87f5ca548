#include "training/training_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>

#include "accuracy/synthetic_images.h"
#include "compiler/import/network_yaml.h"
#include "compiler/ir/initial_weights.h"
#include "simulator/hardware/chip_yaml.h"
#include "tests/support/error_message.h"
#include "tests/support/scratch_folder.h"
#include "training/training_images.h"

namespace crossloom {
namespace {

constexpr const char* kNetwork = R"(
name: small
source: test
input: {shape: [3, 32, 32], signed: false}
layers:
  - {name: stem, type: convolution, channels: 16, kernel: 5, stride: 4, padding: 2, batch_norm: true, activation: relu}
  - {name: depthwise, type: depthwise_convolution, kernel: 5, padding: 2, batch_norm: true, activation: relu}
  - {name: project, type: convolution, channels: 16, kernel: 1, batch_norm: true, activation: relu}
  - {name: pool, type: global_average_pool}
  - {name: classifier, type: linear, channels: 10, bias: true, activation: softmax}
)";

class TrainingRun : public testing::Test {
 protected:
  TrainingRun() : images_(synthetic_images(160, 20, 1)) {
    const Network network = parse_network_yaml(kNetwork, "small").network;
    start_ = trainable(network, initial_weights(network, 1));
    options_.num_epochs = 2;
    options_.batch_size = 24;
    options_.num_workers = 2;
    options_.flips = false;
  }

  [[nodiscard]] TrainingResult run(const std::string& folder, std::int64_t most_steps, bool resumes) const {
    const RunOptions run{
        .folder = folder, .resumes = resumes, .checkpoint_seconds = 0.0, .most_steps = most_steps, .identity = {}};
    return train(start_, images_.train, options_, run, {.pruning = pruning_});
  }

  ImageData images_;
  TrainableNetwork start_;
  TrainingOptions options_;
  std::shared_ptr<const Pruning> pruning_;
};

TEST_F(TrainingRun, InterruptedAfterEveryStepEndsWithTheSameBytes) {
  const ScratchFolder whole;
  const TrainingResult expected = run(whole.path(), 0, false);
  ASSERT_TRUE(expected.is_complete);
  EXPECT_EQ(expected.records.size(), 2U);
  const ScratchFolder parts;
  TrainingResult result = run(parts.path(), 1, false);
  int num_runs = 1;
  for (; !result.is_complete && num_runs < 100; ++num_runs) result = run(parts.path(), 1, true);
  EXPECT_EQ(num_runs, 12);  // 144 images are 6 steps an epoch
  EXPECT_EQ(result.best, expected.best);
  EXPECT_EQ(result.best_epoch, expected.best_epoch);
  Checkpoint last = read_checkpoint(parts.path(std::string(kCheckpointFile)));
  Checkpoint other = read_checkpoint(whole.path(std::string(kCheckpointFile)));
  EXPECT_EQ(last.arrays, other.arrays);
  for (std::size_t i = 0; i < last.records.size(); ++i) other.records[i].seconds = last.records[i].seconds;
  EXPECT_EQ(last.records, other.records);
}

TEST_F(TrainingRun, PrunesAndResumesToTheSameBytes) {
  const ChipConfig chip = load_chip("rnc-mnsim-128");
  const std::vector<PruneGroup> groups = prune_groups(start_.network, ParameterLayout(start_.network), chip, PruneShape::kRows);
  pruning_ = std::make_shared<const Pruning>(groups, PruningOptions{.fraction = 0.5, .method = PruneMethod::kAdmm},
                                             start_.values.parameters);
  const ScratchFolder whole;
  const TrainingResult expected = run(whole.path(), 0, false);
  EXPECT_EQ(expected.best_epoch, 2);  // 6 of 12 steps remove
  std::int64_t num_weights = 0;
  std::int64_t num_zeros = 0;
  for (const PruneGroup& group : groups) {
    for (const std::size_t place : group.places) {
      ++num_weights;
      num_zeros += expected.best.parameters[place] == 0.0F ? 1 : 0;
    }
  }
  EXPECT_GE(2 * num_zeros, num_weights);
  EXPECT_LT(10 * num_zeros, 6 * num_weights);
  const ScratchFolder parts;
  TrainingResult result = run(parts.path(), 5, false);
  while (!result.is_complete) result = run(parts.path(), 5, true);
  EXPECT_EQ(result.best, expected.best);
}

TEST_F(TrainingRun, RefusesACheckpointOfOtherDataOrOptionsAndKeepsIt) {
  const ScratchFolder folder;
  const std::string path = folder.path(std::string(kCheckpointFile));
  EXPECT_EQ(user_error([&] { return run(folder.path(), 1, true); }), path + ": cannot be read: No such file or directory");
  EXPECT_FALSE(run(folder.path(), 1, false).is_complete);
  const Checkpoint before = read_checkpoint(path);
  EXPECT_EQ(user_error([&] { return run(folder.path(), 1, false); }),
            path + ": is there from an earlier run; --resume goes on with it, another --out begins anew");
  options_.num_workers = 1;
  EXPECT_EQ(user_error([&] { return run(folder.path(), 1, true); }),
            path + ": was made with another number of threads (2, now 1)");
  options_.num_workers = 2;
  Checkpoint of_gpu = before;
  std::ranges::find(of_gpu.identity, "device", &std::pair<std::string, std::string>::first)->second = "cuda";
  write_checkpoint(path, of_gpu);
  EXPECT_EQ(user_error([&] { return run(folder.path(), 1, true); }), path + ": was made with another device (cuda, now cpu)");
  write_checkpoint(path, before);
  const std::string hash = images_hash(images_.train);
  images_.train.bytes[5] ^= 1;
  EXPECT_EQ(user_error([&] { return run(folder.path(), 1, true); }),
            path + ": was made with another data (" + hash + ", now " + images_hash(images_.train) + ")");
  EXPECT_EQ(read_checkpoint(path), before);
  options_.batch_size = 145;
  EXPECT_EQ(user_error([&] { return run(folder.path("other"), 1, false); }),
            "--batch: 145, allowed: at most the 144 training images that are not held out");
}

TEST_F(TrainingRun, LearnsWhatALinearClassifierCannot) {
  const ScratchFolder folder;
  images_ = synthetic_images(400, 20, 1);
  options_.num_epochs = 5;
  options_.crop_padding = 0;
  const TrainingResult result = run(folder.path(), 0, false);
  EXPECT_LT(result.records.back().training_loss, 0.85 * result.records.front().training_loss);
  EXPECT_GT(result.records.at(static_cast<std::size_t>(result.best_epoch - 1)).validation_accuracy_fraction, 0.25);
}

}  // namespace
}  // namespace crossloom
