#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "accuracy/image_set.h"
#include "nas/space/search_space.h"
#include "nas/supernet/supernet_file.h"
#include "training/trainer.h"
#include "training/training_loop.h"
#include "training/training_options.h"

namespace crossloom {

/// What training a supernet is told beside the options of any training.
struct SupernetOptions {
  /// The largest network alone is trained in this share of the epochs; then all are.
  double largest_fraction = 0.25;
  std::int64_t num_random = 2;                ///< networks drawn in each step beside the largest and the smallest
  std::int64_t num_calibration_images = 500;  ///< at most, for statistics when networks are scored
  /// Whose answers the largest network learns beside the labels; null: labels alone.
  std::shared_ptr<const Teachers> teachers = nullptr;
  /// What is trained on, with the same images held out; none: weights are drawn.
  std::optional<Supernet> start = std::nullopt;
  /// What happens to weights on the way through a network, such as noise (chip_hooks); empty: nothing.
  std::function<HookMaker(const Network& network)> hooks = {};
};

struct SupernetResult {
  bool is_complete = false;  ///< false: run.most_steps ended it
  Supernet supernet;
  std::vector<EpochRecord> records;
};

/// Trains the weights that all networks of a space share. Each step runs the largest network on the batch, then the smallest
/// and some drawn ones (the sandwich rule: Yu, Huang, Universally Slimmable Networks, ICCV 2019), which learn from the largest
/// one's answers instead of the labels (in-place distillation there); gradients of all are added up. The records' validation
/// figures are those of the largest network; the moving average is the result. Otherwise as `train`: same batches, descent,
/// checkpoint, resumption, errors. Throws UserError where `supernet.start` was trained on other images, pixels or with others
/// held out. Epochs before count in those of the result.
[[nodiscard]] SupernetResult train_supernet(const SearchSpace& space, const ImageSet& images, const TrainingOptions& options,
                                            const SupernetOptions& supernet, const RunOptions& run);

}  // namespace crossloom
