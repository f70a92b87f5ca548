#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nas/supernet/shared_layout.h"
#include "nas/torch/sized_images.h"
#include "training/chip_awareness.h"
#include "training/training_loop.h"
#include "training/training_options.h"

namespace crossloom {

/// Places of the images that networks of a supernet are scored with.
struct ScoringImages {
  std::vector<std::int64_t> calibration;  ///< of the training images, for the statistics of normalizations
  std::vector<std::int64_t> scored;
};

/// Scores networks of a supernet with the weights they inherit. Usable from several threads at once, each of which computes
/// alone: the score of a network depends on it and the scorer's inputs alone.
class SubnetworkScorer {
 public:
  /// All must outlive it. Calibration images are `training`'s, scored ones `scored`'s.
  SubnetworkScorer(const SearchSpace& space, const SharedLayout& layout, std::span<const float> values,
                   const SizedImages& training, const SizedImages& scored, const ScoringImages& images,
                   const PixelNormalization& normalization);

  /// A network with the weights it inherits and statistics over the calibration images, the mean over batches of 125
  /// (necessary: Yu, Huang, Universally Slimmable Networks, ICCV 2019). Those of the supernet are not touched; it has none.
  [[nodiscard]] TrainableNetwork inherited(const Subnetwork& subnetwork) const;

  [[nodiscard]] ClassificationScore score(const Subnetwork& subnetwork) const;
  [[nodiscard]] ClassificationScore score(const TrainableNetwork& network) const;
  /// Accuracy of a network with errors of its weights (chip_hooks), one value each draw.
  [[nodiscard]] std::vector<double> noisy_accuracies(const TrainableNetwork& network,
                                                     const std::shared_ptr<const ChipAwareness>& awareness,
                                                     std::int64_t num_draws) const;

 private:
  [[nodiscard]] ClassificationScore score_with(const TrainableNetwork& network, const HookMaker& hooks,
                                               std::int64_t draw) const;

  const SearchSpace& space_;
  const SharedLayout& layout_;
  std::span<const float> values_;
  const SizedImages& training_;
  const SizedImages& scored_;
  const ScoringImages& images_;
  const PixelNormalization& normalization_;
};

}  // namespace crossloom
