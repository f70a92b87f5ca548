#include "training/batch_score.h"

#include <algorithm>
#include <vector>

namespace crossloom {

Variable images_of(LabelledBatch& batch) {
  const auto count = static_cast<std::int64_t>(batch.labels.size());
  return Variable::images({count, batch.shape.channels, batch.shape.height, batch.shape.width}, batch.pixels.data());
}

Variable targets_of(const LabelledBatch& batch) {
  const auto count = static_cast<std::int64_t>(batch.labels.size());
  return Variable::constant({count, static_cast<std::int64_t>(batch.targets.size()) / count}, batch.targets);
}

BatchScore score_batch(const NetworkModule& module, LabelledBatch& batch, const ForwardHooks& hooks) {
  const Variable logits = module.logits(images_of(batch), BatchNormMode::kRunning, hooks);
  const std::size_t count = batch.labels.size();
  BatchScore score;
  score.loss = static_cast<double>(cross_entropy(logits, batch.labels).values().front()) * static_cast<double>(count);
  const std::vector<float> numbers = logits.values();
  const std::size_t num_classes = numbers.size() / count;
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = numbers.begin() + static_cast<std::ptrdiff_t>(i * num_classes);
    const auto best = std::max_element(row, row + static_cast<std::ptrdiff_t>(num_classes)) - row;
    score.num_correct += best == batch.labels[i] ? 1 : 0;
  }
  return score;
}

ClassificationScore mean_score(std::span<const BatchScore> scores, std::size_t num_images) {
  std::int64_t num_correct = 0;
  double loss = 0.0;
  for (const BatchScore& score : scores) {
    num_correct += score.num_correct;
    loss += score.loss;
  }
  const auto count = static_cast<double>(num_images);
  return {.accuracy_fraction = static_cast<double>(num_correct) / count, .loss = loss / count};
}

}  // namespace crossloom
