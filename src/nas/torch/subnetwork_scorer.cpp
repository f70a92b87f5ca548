#include "nas/torch/subnetwork_scorer.h"

#include <algorithm>

#include "training/batch_score.h"
#include "training/network_module.h"
#include "training/training_images.h"
#include "training/variable.h"

namespace crossloom {
namespace {

/// Calls `visit(index, batch)` for the images at these places, so many at a time.
template <class Visit>
void for_each_batch(const ImageSet& images, std::span<const std::int64_t> places, const PixelNormalization& normalization,
                    const Visit& visit) {
  for (std::size_t first = 0; first < places.size(); first += kScoredTogether) {
    LabelledBatch batch =
        plain_batch(images, places.subspan(first, std::min(kScoredTogether, places.size() - first)), normalization);
    visit(first / kScoredTogether, batch);
  }
}

}  // namespace

SubnetworkScorer::SubnetworkScorer(const SearchSpace& space, const SharedLayout& layout, std::span<const float> values,
                                   const SizedImages& training, const SizedImages& scored, const ScoringImages& images,
                                   const PixelNormalization& normalization)
    : space_(space),
      layout_(layout),
      values_(values),
      training_(training),
      scored_(scored),
      images_(images),
      normalization_(normalization) {}

TrainableNetwork SubnetworkScorer::inherited(const Subnetwork& subnetwork) const {
  use_threads(1);
  TrainableNetwork result{.network = build_network(space_, subnetwork)};
  result.values.parameters = WeightSharing(layout_, result.network).gathered(values_);
  result.values.statistics.resize(ParameterLayout(result.network).num_statistics());
  const NoGradients no_gradients;
  const NetworkModule module(result.network,
                             {.parameters = result.values.parameters.data(), .statistics = result.values.statistics.data()},
                             DepthwiseGradient::kLibTorch);
  for_each_batch(
      training_.of(result.network.input_shape), images_.calibration, normalization_,
      [&](std::size_t index, LabelledBatch& batch) {
        static_cast<void>(module.logits(images_of(batch), BatchNormMode::kBatch, {}, 1.0 / static_cast<double>(index + 1)));
      });
  return result;
}

ClassificationScore SubnetworkScorer::score(const Subnetwork& subnetwork) const { return score(inherited(subnetwork)); }

ClassificationScore SubnetworkScorer::score(const TrainableNetwork& network) const { return score_with(network, {}, 0); }

std::vector<double> SubnetworkScorer::noisy_accuracies(const TrainableNetwork& network,
                                                       const std::shared_ptr<const ChipAwareness>& awareness,
                                                       std::int64_t num_draws) const {
  const HookMaker hooks = chip_hooks(network.network, awareness);
  std::vector<double> accuracies;
  accuracies.reserve(static_cast<std::size_t>(num_draws));
  for (std::int64_t draw = 0; draw < num_draws; ++draw)
    accuracies.push_back(score_with(network, hooks, draw).accuracy_fraction);
  return accuracies;
}

ClassificationScore SubnetworkScorer::score_with(const TrainableNetwork& network, const HookMaker& hooks,
                                                 std::int64_t draw) const {
  use_threads(1);
  const NoGradients no_gradients;
  NetworkValues values = network.values;  // views want numbers they may write to
  const NetworkModule module(network.network, {.parameters = values.parameters.data(), .statistics = values.statistics.data()},
                             DepthwiseGradient::kLibTorch);
  ForwardHooks forward;
  if (hooks) {
    forward = hooks({.parameters = values.parameters, .statistics = values.statistics, .step = draw, .is_training = true});
  }
  std::vector<BatchScore> scores;
  scores.reserve(images_.scored.size() / kScoredTogether + 1);
  for_each_batch(scored_.of(network.network.input_shape), images_.scored, normalization_,
                 [&](std::size_t, LabelledBatch& batch) { scores.push_back(score_batch(module, batch, forward)); });
  return mean_score(scores, images_.scored.size());
}

}  // namespace crossloom
