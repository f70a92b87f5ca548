#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "training/checkpoint.h"
#include "training/training_images.h"
#include "training/training_options.h"

namespace crossloom {

/// How well values do on images.
struct ClassificationScore {
  double accuracy_fraction = 0.0;
  double loss = 0.0;
};

/// Where a step stands in the training.
struct TrainingStep {
  std::int64_t epoch = 0;           ///< from 0
  std::int64_t index = 0;           ///< of all epochs, from 0
  std::int64_t steps_an_epoch = 1;  ///< for the schedules
};

/// What a loop trains.
class TrainingTask {
 public:
  TrainingTask() = default;
  TrainingTask(const TrainingTask&) = delete;
  TrainingTask(TrainingTask&&) = delete;
  TrainingTask& operator=(const TrainingTask&) = delete;
  TrainingTask& operator=(TrainingTask&&) = delete;
  virtual ~TrainingTask() = default;

  struct EpochScore {
    ClassificationScore score;
    bool is_best = false;  ///< of all epochs so far
  };
  using Arrays = std::vector<std::pair<std::string, std::vector<float>>>;

  /// One step on the images at these places; its loss.
  virtual double step(std::span<const std::int64_t> places, const TrainingStep& step) = 0;
  /// Scores what the steps up to here, the last of their epoch, have made.
  virtual EpochScore finish_epoch(const TrainingStep& last, const std::vector<EpochRecord>& earlier) = 0;
  /// Everything that steps change, by name.
  [[nodiscard]] virtual Arrays arrays() const = 0;
  /// Goes on from the arrays of a checkpoint.
  virtual void restore(const Checkpoint& checkpoint) = 0;
};

/// How far a run is.
struct TrainingProgress {
  std::int64_t num_steps = 0;
  std::int64_t num_steps_total = 0;
  double seconds_left = 0.0;
};

/// What a run is to do beside the options that settle its numbers.
struct RunOptions {
  std::string folder;                ///< where the checkpoint and the log lie; exists
  bool resumes = false;              ///< go on from the checkpoint of the folder
  double checkpoint_seconds = 60.0;  ///< between checkpoints; each epoch ends with one too
  std::int64_t most_steps = 0;       ///< stop after this many steps of this process; 0: go on to the end
  std::vector<std::pair<std::string, std::string>> identity;  ///< beyond what the run knows: options of the hooks
  std::function<void(const TrainingProgress&)> progress = {};
  std::function<void(const EpochRecord&)> epoch_done = {};
};

struct LoopResult {
  bool is_complete = false;  ///< false: `most_steps` ended it
  std::int64_t best_epoch = 0;
  std::vector<EpochRecord> records;
};

inline constexpr std::string_view kCheckpointFile = "checkpoint.bin";
inline constexpr std::string_view kLogFile = "training.csv";

/// Steps that an epoch of the images has. Throws UserError when there are fewer images than a batch.
[[nodiscard]] std::int64_t steps_an_epoch(const ImageSplit& split, const TrainingOptions& options);

/// What any run is about: images and options.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> loop_identity(const ImageSet& images,
                                                                             const TrainingOptions& options);

/// Runs the epochs of a task. Writes a checkpoint and the log into the folder: after each epoch and every
/// run.checkpoint_seconds, aside and renamed. Throws UserError: a checkpoint that is missing, damaged or of another identity,
/// one that is there though `resumes` is not set, fewer images than a batch.
[[nodiscard]] LoopResult run_epochs(TrainingTask& task, const ImageSplit& split, const TrainingOptions& options,
                                    const RunOptions& run, std::vector<std::pair<std::string, std::string>> identity);

/// The log as a table: epoch, learning_rate, training_loss, validation_loss, validation_accuracy_fraction, seconds.
[[nodiscard]] std::string log_csv(const std::vector<EpochRecord>& records);

}  // namespace crossloom
