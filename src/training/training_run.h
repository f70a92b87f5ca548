#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "accuracy/image_set.h"
#include "compiler/ir/network.h"
#include "compiler/ir/weight_store.h"
#include "training/checkpoint.h"
#include "training/trainer.h"
#include "training/training_options.h"

namespace crossloom {

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
  std::shared_ptr<const Pruning> pruning = nullptr;           ///< null: none; the best epoch is one after which all is removed
  std::function<void(const TrainingProgress&)> progress = {};
  std::function<void(const EpochRecord&)> epoch_done = {};
};

struct TrainingResult {
  bool is_complete = false;  ///< false: `most_steps` ended it
  NetworkValues best;        ///< moving average of the epoch with the most accurate answers on the held-out images
  std::int64_t best_epoch = 0;
  std::vector<EpochRecord> records;
};

inline constexpr std::string_view kCheckpointFile = "checkpoint.bin";
inline constexpr std::string_view kLogFile = "training.csv";

/// Trains on data.train, a share of which is held out to choose the best epoch by; the test images are not looked at. Writes a
/// checkpoint and the log into the folder. Interrupted at any moment and resumed with the same number of workers it gives the
/// same values as if it had not been. Throws UserError: a checkpoint that is missing, damaged or of another run, one that is
/// there though `resumes` is not set, fewer images than a batch.
[[nodiscard]] TrainingResult train(const TrainableNetwork& start, const ImageSet& images, const TrainingOptions& options,
                                   const RunOptions& run, const HookMaker& hooks = {});

/// The log as a table: epoch, learning_rate, training_loss, validation_loss, validation_accuracy_fraction, seconds.
[[nodiscard]] std::string log_csv(const std::vector<EpochRecord>& records);

}  // namespace crossloom
