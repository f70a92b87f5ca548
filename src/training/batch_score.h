#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "training/network_module.h"
#include "training/training_images.h"
#include "training/training_loop.h"

namespace crossloom {

/// Images that are scored together; larger batches gain nothing.
inline constexpr std::size_t kScoredTogether = 125;

/// Sums over a batch.
struct BatchScore {
  std::int64_t num_correct = 0;
  double loss = 0.0;
};

/// The batch as a Variable that views its pixels.
[[nodiscard]] Variable images_of(LabelledBatch& batch);

/// Its targets, rows of one number a class.
[[nodiscard]] Variable targets_of(const LabelledBatch& batch);

/// Classifies a batch with running statistics. The largest logit of an image is its class, the first of equal ones.
[[nodiscard]] BatchScore score_batch(const NetworkModule& module, LabelledBatch& batch, const ForwardHooks& hooks);

/// Share of right answers and mean loss over the batches of `num_images` images.
[[nodiscard]] ClassificationScore mean_score(std::span<const BatchScore> scores, std::size_t num_images);

}  // namespace crossloom
