#include "training/training_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "training/training_images.h"

namespace crossloom {
namespace {

class NetworkTask : public TrainingTask {
 public:
  NetworkTask(const TrainableNetwork& start, const ImageSet& images, const ImageSplit& split, const TrainingOptions& options,
              const TrainingAids& aids)
      : images_(images),
        split_(split),
        options_(options),
        pruning_(aids.pruning),
        trainer_(start, images, options, aids),
        best_(start.values) {}

  double step(std::span<const std::int64_t> places, const TrainingStep& step) override { return trainer_.step(places, step); }

  EpochScore finish_epoch(const TrainingStep& last, const std::vector<EpochRecord>& earlier) override {
    EpochScore result{.score = trainer_.score(trainer_.state().average, images_, split_.validation)};
    const auto is_better = [&](const EpochRecord& record) {
      return !is_pruned(record.epoch, last) || result.score.accuracy_fraction > record.validation_accuracy_fraction;
    };
    result.is_best = is_pruned(last.epoch + 1, last) && std::ranges::all_of(earlier, is_better);
    if (result.is_best) best_ = trainer_.state().average;
    return result;
  }

  [[nodiscard]] Arrays arrays() const override {
    const TrainerState& state = trainer_.state();
    return {{"parameters", state.values.parameters},
            {"statistics", state.values.statistics},
            {"velocity", state.velocity},
            {"range velocity", state.range_velocity},
            {"average parameters", state.average.parameters},
            {"average statistics", state.average.statistics},
            {"copies", state.copies},
            {"duals", state.duals},
            {"best parameters", best_.parameters},
            {"best statistics", best_.statistics}};
  }

  void restore(const Checkpoint& checkpoint) override {
    trainer_.set_state({.values = {checkpoint.array("parameters"), checkpoint.array("statistics")},
                        .velocity = checkpoint.array("velocity"),
                        .average = {checkpoint.array("average parameters"), checkpoint.array("average statistics")},
                        .range_velocity = checkpoint.array("range velocity"),
                        .copies = checkpoint.array("copies"),
                        .duals = checkpoint.array("duals")});
    best_ = {checkpoint.array("best parameters"), checkpoint.array("best statistics")};
  }

  [[nodiscard]] const NetworkValues& best() const { return best_; }

 private:
  /// Whether the network after this epoch, from 1, has lost all that it is to lose.
  [[nodiscard]] bool is_pruned(std::int64_t epoch, const TrainingStep& last) const {
    return !pruning_ || pruning_->is_done(epoch * last.steps_an_epoch, options_.num_epochs * last.steps_an_epoch);
  }

  const ImageSet& images_;
  const ImageSplit& split_;
  const TrainingOptions& options_;
  std::shared_ptr<const Pruning> pruning_;
  Trainer trainer_;
  NetworkValues best_;
};

}  // namespace

TrainingResult train(const TrainableNetwork& start, const ImageSet& images, const TrainingOptions& options,
                     const RunOptions& run, const TrainingAids& aids) {
  std::vector<std::pair<std::string, std::string>> identity = {{"network", start.network.name},
                                                               {"start", content_hash_of(start)}};
  std::ranges::move(loop_identity(images, options), std::back_inserter(identity));
  identity.emplace_back("pruning", aids.pruning ? aids.pruning->identity() : "none");
  identity.push_back(teachers_identity(aids.teachers.get()));
  identity.insert(identity.end(), run.identity.begin(), run.identity.end());
  const ImageSplit split = split_images(images, options.validation_fraction, options.seed);
  NetworkTask task(start, images, split, options, aids);
  LoopResult result = run_epochs(task, split, options, run, std::move(identity));
  if (!result.is_complete) return {};
  return {.is_complete = true, .best = task.best(), .best_epoch = result.best_epoch, .records = std::move(result.records)};
}

}  // namespace crossloom
