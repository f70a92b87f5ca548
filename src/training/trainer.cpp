#include "training/trainer.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "training/batch_score.h"
#include "training/device_network.h"
#include "training/gradient_descent.h"
#include "training/learning_rate.h"
#include "training/training_images.h"
#include "training/worker_threads.h"

namespace crossloom {

struct Trainer::Worker {
  Worker(const Network& network, TrainerState& state, const TrainingOptions& options)
      : gradients(state.values.parameters.size()),
        range_gradients(network.layers.size()),
        statistics(state.values.statistics),
        computed(network,
                 {.parameters = state.values.parameters.data(),
                  .gradients = gradients.data(),
                  .statistics = statistics.data(),
                  .device = options.device},
                 options.depthwise) {}

  std::vector<float> gradients;
  std::vector<float> range_gradients;
  std::vector<float> statistics;
  DeviceNetwork computed;
  double loss = 0.0;
};

Trainer::Trainer(const TrainableNetwork& start, const ImageSet& images, const TrainingOptions& options, TrainingAids aids)
    : network_(start.network), layout_(start.network), images_(&images), options_(options), aids_(std::move(aids)) {
  state_ = {.values = start.values,
            .velocity = std::vector<float>(start.values.parameters.size()),
            .average = start.values,
            .range_velocity = std::vector<float>(network_.layers.size())};
  decays_.resize(start.values.parameters.size());
  for (const ParameterPlace& place : layout_.parameters()) {
    if (place.role == ParameterRole::kWeights)
      std::fill_n(decays_.begin() + static_cast<std::ptrdiff_t>(place.first), place.count,
                  static_cast<float>(options.weight_decay));
  }
  for (std::int64_t i = 0; i < options.num_workers; ++i)
    workers_.push_back(std::make_unique<Worker>(network_, state_, options_));
}

Trainer::~Trainer() = default;

void Trainer::set_state(TrainerState state) {
  // The modules look at the arrays, so these stay where they are.
  std::ranges::copy(state.values.parameters, state_.values.parameters.begin());
  std::ranges::copy(state.values.statistics, state_.values.statistics.begin());
  state_.velocity = std::move(state.velocity);
  state_.average = std::move(state.average);
  state_.range_velocity = std::move(state.range_velocity);
  state_.copies = std::move(state.copies);
  state_.duals = std::move(state.duals);
}

PrunedValues Trainer::pruned_values() {
  return {.parameters = state_.values.parameters,
          .velocity = state_.velocity,
          .average = state_.average.parameters,
          .copies = state_.copies,
          .duals = state_.duals};
}

double Trainer::step(std::span<const std::int64_t> places, const TrainingStep& step) {
  if (aids_.pruning) aids_.pruning->prepare(step.index, step.steps_an_epoch * options_.num_epochs, pruned_values());
  with_memory_message(places.size(), [&] {
    in_threads(workers_.size(), [&](std::size_t i) {
      const auto share = share_of(places, i, workers_.size());
      workers_[i]->loss = run_worker(i, share, step) * static_cast<double>(share.size()) / static_cast<double>(places.size());
    });
  });
  double loss = 0.0;
  for (const auto& worker : workers_) loss += worker->loss;
  require_finite_loss(loss, step.index, options_);
  update(static_cast<std::int64_t>(places.size()), step);
  return loss;
}

double Trainer::run_worker(std::size_t index, std::span<const std::int64_t> places, const TrainingStep& step) {
  Worker& worker = *workers_[index];
  LabelledBatch batch = moved_batch(*images_, places, options_, step.epoch);
  if (aids_.teachers) aids_.teachers->teach(batch);
  std::ranges::fill(worker.gradients, 0.0F);
  std::ranges::fill(worker.range_gradients, 0.0F);
  std::ranges::copy(state_.values.statistics, worker.statistics.begin());
  worker.computed.to_device();

  ForwardHooks hooks;
  if (aids_.hooks) {
    hooks = aids_.hooks({.parameters = state_.values.parameters,
                         .statistics = worker.statistics,
                         .range_gradients = worker.range_gradients,
                         .worker = static_cast<std::int64_t>(index),
                         .step = step.index,
                         .num_steps = step.steps_an_epoch * options_.num_epochs,
                         .is_training = true});
  }
  const Variable loss =
      cross_entropy(worker.computed.module().logits(images_of(batch), BatchNormMode::kBatch, hooks), targets_of(batch));
  backward(loss, static_cast<double>(places.size()));
  worker.computed.from_device();
  return static_cast<double>(loss.values().front());
}

void Trainer::update(std::int64_t num_images, const TrainingStep& step) {
  std::vector<float>& gradients = workers_.front()->gradients;
  std::vector<float>& range_gradients = workers_.front()->range_gradients;
  std::vector<float>& statistics = workers_.front()->statistics;
  for (std::size_t i = 1; i < workers_.size(); ++i) {
    const Worker& worker = *workers_[i];
    std::ranges::transform(gradients, worker.gradients, gradients.begin(), std::plus<>());
    std::ranges::transform(range_gradients, worker.range_gradients, range_gradients.begin(), std::plus<>());
    std::ranges::transform(statistics, worker.statistics, statistics.begin(), std::plus<>());
  }
  const auto share = 1.0F / static_cast<float>(workers_.size());
  std::ranges::transform(statistics, state_.values.statistics.begin(), [share](float sum) { return sum * share; });

  std::vector<float> penalty;
  if (aids_.pruning) {
    aids_.pruning->mask(state_.values.parameters, gradients);
    penalty = aids_.pruning->penalty(step.index, step.steps_an_epoch * options_.num_epochs, pruned_values());
  }
  // Workers add gradients of sums over images.
  std::vector<float>& parameters = state_.values.parameters;
  const double rate = learning_rate(options_, step.index, step.steps_an_epoch);
  descend(
      options_, rate, num_images,
      {.gradients = gradients, .decays = decays_, .penalty = penalty, .parameters = parameters, .velocity = state_.velocity});
  update_ranges(num_images, rate);
  if (options_.weight_limit_deviations > 0.0) limit_weights();
  const double kept = average_decay(options_, step.index);
  approach(state_.average.parameters, parameters, kept);
  approach(state_.average.statistics, state_.values.statistics, kept);
  begin_average_of_ranges();
}

void Trainer::begin_average_of_ranges() {
  const auto ranges = std::span<float>(state_.values.statistics).subspan(layout_.range_of(0), network_.layers.size());
  const auto averages = std::span<float>(state_.average.statistics).subspan(layout_.range_of(0), network_.layers.size());
  const auto is_gone = [](float range, float average) { return range == 0.0F && average != 0.0F; };
  if (!std::ranges::equal(ranges, averages, std::not_fn(is_gone))) std::ranges::copy(ranges, averages.begin());
}

void Trainer::update_ranges(std::int64_t num_images, double rate) {
  const auto ranges = std::span<float>(state_.values.statistics).subspan(layout_.range_of(0), network_.layers.size());
  const std::vector<float> before(ranges.begin(), ranges.end());
  const std::vector<float> no_decays(ranges.size());
  descend(options_, rate, num_images,
          {.gradients = workers_.front()->range_gradients,
           .decays = no_decays,
           .parameters = ranges,
           .velocity = state_.range_velocity});
  constexpr float kLeastShare = 0.5F;  // assumed: so that a range stays above 0
  for (std::size_t i = 0; i < ranges.size(); ++i) ranges[i] = std::max(ranges[i], kLeastShare * before[i]);
}

void Trainer::limit_weights() {
  for (const ParameterPlace& place : layout_.parameters()) {
    if (place.role != ParameterRole::kWeights) continue;
    const auto weights = std::span<float>(state_.values.parameters).subspan(place.first, place.count);
    double sum = 0.0;
    double squares = 0.0;
    for (const float weight : weights) {
      sum += static_cast<double>(weight);
      squares += static_cast<double>(weight) * static_cast<double>(weight);
    }
    const double mean = sum / static_cast<double>(place.count);
    const double variance = std::max(squares / static_cast<double>(place.count) - mean * mean, 0.0);
    const auto limit = static_cast<float>(options_.weight_limit_deviations * std::sqrt(variance));
    for (float& weight : weights) weight = std::clamp(weight, -limit, limit);
  }
}

ClassificationScore Trainer::score(const NetworkValues& values, const ImageSet& images, std::span<const std::int64_t> places) {
  NetworkValues scored = values;  // views want numbers they may write to
  std::vector<BatchScore> scores((places.size() + kScoredTogether - 1) / kScoredTogether);
  const DeviceNetwork computed(
      network_, {.parameters = scored.parameters.data(), .statistics = scored.statistics.data(), .device = options_.device},
      options_.depthwise);
  computed.to_device();
  in_threads(workers_.size(), [&](std::size_t worker) {
    const NoGradients no_gradients;
    std::vector<float> statistics = scored.statistics;
    ForwardHooks hooks;
    if (aids_.hooks) hooks = aids_.hooks({.parameters = scored.parameters, .statistics = statistics});
    for (std::size_t chunk = worker; chunk < scores.size(); chunk += workers_.size()) {
      const std::size_t first = chunk * kScoredTogether;
      LabelledBatch batch =
          plain_batch(images, places.subspan(first, std::min(kScoredTogether, places.size() - first)), options_.normalization);
      scores[chunk] = score_batch(computed.module(), batch, hooks);
    }
  });
  return mean_score(scores, places.size());
}

}  // namespace crossloom
