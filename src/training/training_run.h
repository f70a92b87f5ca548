#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "accuracy/image_set.h"
#include "training/checkpoint.h"
#include "training/trainer.h"
#include "training/training_loop.h"
#include "training/training_options.h"

namespace crossloom {

struct TrainingResult {
  bool is_complete = false;  ///< false: `most_steps` ended it
  NetworkValues best;        ///< moving average of the epoch with the most accurate answers on the held-out images
  std::int64_t best_epoch = 0;
  std::vector<EpochRecord> records;
};

/// Trains on data.train, a share of which is held out to choose the best epoch by; the test images are not looked at. Writes a
/// checkpoint and the log into the folder. Interrupted at any moment and resumed with the same number of workers it gives the
/// same values as if it had not been. With pruning the best epoch is one after which all is removed. Throws UserError: as
/// run_epochs.
[[nodiscard]] TrainingResult train(const TrainableNetwork& start, const ImageSet& images, const TrainingOptions& options,
                                   const RunOptions& run, const TrainingAids& aids = {});

}  // namespace crossloom
