#include "training/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <new>
#include <string_view>
#include <thread>
#include <utility>

#include "support/error.h"
#include "training/learning_rate.h"
#include "training/training_images.h"

namespace crossloom {
namespace {

/// Images that are scored together; larger batches gain nothing.
constexpr std::int64_t kScoredTogether = 125;

/// Calls `work(i)` for i in [0, count), each in a thread of its own with one LibTorch thread. The first exception, by i, is
/// thrown again.
template <class Work>
void in_threads(std::size_t count, Work work) {
  std::vector<std::exception_ptr> errors(count);
  std::vector<std::thread> threads;
  threads.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back([&work, &errors, i] {
      try {
        use_threads(1);
        work(i);
      } catch (...) {
        errors[i] = std::current_exception();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

/// Runs `work`; LibTorch's words for a lack of memory become ours.
template <class Work>
void with_memory_message(std::int64_t batch_size, Work work) {
  try {
    work();
  } catch (const UserError&) {
    throw;
  } catch (const std::exception& error) {
    const bool is_memory = dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
                           std::string_view(error.what()).find("allocate memory") != std::string_view::npos;
    if (!is_memory) throw;
    throw UserError(fmt::format("--batch: {} images do not fit into memory, allowed: fewer", batch_size));
  }
}

double norm_of(const std::vector<float>& values) {
  double sum = 0.0;
  for (const float value : values) sum += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(sum);
}

void approach(std::vector<float>& average, const std::vector<float>& values, double decay) {
  const auto share = static_cast<float>(1.0 - decay);
  for (std::size_t i = 0; i < values.size(); ++i) average[i] += share * (values[i] - average[i]);
}

}  // namespace

struct Trainer::Worker {
  Worker(const Network& network, TrainerState& state, DepthwiseGradient depthwise)
      : gradients(state.values.parameters.size()),
        statistics(state.values.statistics),
        module(network,
               {.parameters = state.values.parameters.data(), .gradients = gradients.data(), .statistics = statistics.data()},
               depthwise) {}

  std::vector<float> gradients;
  std::vector<float> statistics;
  NetworkModule module;
  std::vector<float> pixels;
  std::vector<Augmentation> augmentations;
  double loss = 0.0;
};

Trainer::Trainer(const TrainableNetwork& start, const ImageSet& images, const TrainingOptions& options, HookMaker hooks,
                 std::shared_ptr<const Pruning> pruning)
    : network_(start.network),
      layout_(start.network),
      images_(&images),
      options_(options),
      hooks_(std::move(hooks)),
      pruning_(std::move(pruning)) {
  state_ = {.values = start.values, .velocity = std::vector<float>(start.values.parameters.size()), .average = start.values};
  for (std::int64_t i = 0; i < options.num_workers; ++i)
    workers_.push_back(std::make_unique<Worker>(network_, state_, options.depthwise));
}

Trainer::~Trainer() = default;

void Trainer::set_state(TrainerState state) {
  // The modules look at the arrays, so these stay where they are.
  std::ranges::copy(state.values.parameters, state_.values.parameters.begin());
  std::ranges::copy(state.values.statistics, state_.values.statistics.begin());
  state_.velocity = std::move(state.velocity);
  state_.average = std::move(state.average);
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

double Trainer::step(std::span<const std::int64_t> places, const Step& step) {
  const auto count = static_cast<std::int64_t>(places.size());
  const auto num_workers = static_cast<std::int64_t>(workers_.size());
  if (pruning_) pruning_->prepare(step.index, step.steps_an_epoch * options_.num_epochs, pruned_values());
  with_memory_message(count, [&] {
    in_threads(workers_.size(), [&](std::size_t i) {
      const std::int64_t first = static_cast<std::int64_t>(i) * count / num_workers;
      const std::int64_t last = (static_cast<std::int64_t>(i) + 1) * count / num_workers;
      const auto share = places.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first));
      workers_[i]->loss = run_worker(i, share, step) * static_cast<double>(last - first) / static_cast<double>(count);
    });
  });
  double loss = 0.0;
  for (const auto& worker : workers_) loss += worker->loss;
  if (!std::isfinite(loss)) {
    throw UserError(fmt::format("step {}: the loss is no finite number any more; a lower --learning-rate than {} may help",
                                step.index, options_.learning_rate));
  }
  update(count, step);
  return loss;
}

double Trainer::run_worker(std::size_t index, std::span<const std::int64_t> places, const Step& step) {
  Worker& worker = *workers_[index];
  const TensorShape& shape = images_->shape;
  worker.pixels.resize(places.size() * static_cast<std::size_t>(shape.num_values()));
  worker.augmentations.clear();
  std::vector<std::int64_t> labels;
  labels.reserve(places.size());
  for (const std::int64_t place : places) {
    worker.augmentations.push_back(augmentation(options_, step.epoch, place));
    labels.push_back(images_->labels[static_cast<std::size_t>(place)]);
  }
  write_batch(*images_, places, worker.augmentations, options_.normalization, worker.pixels);
  std::ranges::fill(worker.gradients, 0.0F);
  std::ranges::copy(state_.values.statistics, worker.statistics.begin());

  const auto num_images = static_cast<std::int64_t>(places.size());
  const Variable images = Variable::images({num_images, shape.channels, shape.height, shape.width}, worker.pixels.data());
  ForwardHooks hooks;
  if (hooks_) {
    hooks = hooks_({.parameters = state_.values.parameters,
                    .statistics = worker.statistics,
                    .worker = static_cast<std::int64_t>(index),
                    .step = step.index,
                    .num_steps = step.steps_an_epoch * options_.num_epochs,
                    .is_training = true});
  }
  const Variable loss =
      cross_entropy(worker.module.logits(images, BatchNormMode::kBatch, hooks), labels, options_.label_smoothing);
  backward(loss, static_cast<double>(num_images));
  return static_cast<double>(loss.values().front());
}

void Trainer::update(std::int64_t num_images, const Step& step) {
  std::vector<float>& gradients = workers_.front()->gradients;
  std::vector<float>& statistics = workers_.front()->statistics;
  for (std::size_t i = 1; i < workers_.size(); ++i) {
    const Worker& worker = *workers_[i];
    std::ranges::transform(gradients, worker.gradients, gradients.begin(), std::plus<>());
    std::ranges::transform(statistics, worker.statistics, statistics.begin(), std::plus<>());
  }
  const auto share = 1.0F / static_cast<float>(workers_.size());
  std::ranges::transform(statistics, state_.values.statistics.begin(), [share](float sum) { return sum * share; });

  std::vector<float> penalty;
  if (pruning_) {
    pruning_->mask(state_.values.parameters, gradients);
    penalty = pruning_->penalty(step.index, step.steps_an_epoch * options_.num_epochs, pruned_values());
  }
  // Workers add gradients of sums over images.
  const auto count = static_cast<double>(num_images);
  const double norm = norm_of(gradients) / count;
  const double cut = norm > options_.largest_gradient ? options_.largest_gradient / norm : 1.0;
  const auto factor = static_cast<float>(cut / count);
  const auto rate = static_cast<float>(learning_rate(options_, step.index, step.steps_an_epoch));
  const auto momentum = static_cast<float>(options_.momentum);
  const auto decay = static_cast<float>(options_.weight_decay);
  std::vector<float>& parameters = state_.values.parameters;
  for (const ParameterPlace& place : layout_.parameters()) {
    const float place_decay = place.role == ParameterRole::kWeights ? decay : 0.0F;
    for (std::size_t i = place.first; i < place.first + place.count; ++i) {
      float gradient = gradients[i] * factor + place_decay * parameters[i];
      if (!penalty.empty()) gradient += penalty[i];
      state_.velocity[i] = momentum * state_.velocity[i] + gradient;
      parameters[i] -= rate * (gradient + momentum * state_.velocity[i]);
    }
  }
  if (options_.weight_limit_deviations > 0.0) limit_weights();
  const double kept = average_decay(options_, step.index);
  approach(state_.average.parameters, parameters, kept);
  approach(state_.average.statistics, state_.values.statistics, kept);
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
  const TensorShape& shape = images.shape;
  const auto count = static_cast<std::int64_t>(places.size());
  const std::int64_t num_chunks = (count + kScoredTogether - 1) / kScoredTogether;
  std::vector<std::int64_t> correct(static_cast<std::size_t>(num_chunks));
  std::vector<double> loss(correct.size());
  const auto num_workers = static_cast<std::int64_t>(workers_.size());
  const NetworkModule module(network_, {.parameters = scored.parameters.data(), .statistics = scored.statistics.data()},
                             options_.depthwise);
  in_threads(workers_.size(), [&](std::size_t worker) {
    const NoGradients no_gradients;
    std::vector<float> statistics = scored.statistics;
    ForwardHooks hooks;
    if (hooks_) hooks = hooks_({.parameters = scored.parameters, .statistics = statistics});
    for (auto chunk = static_cast<std::int64_t>(worker); chunk < num_chunks; chunk += num_workers) {
      const std::int64_t first = chunk * kScoredTogether;
      const std::int64_t num_images = std::min(kScoredTogether, count - first);
      const auto part = places.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(num_images));
      std::vector<float> pixels(part.size() * static_cast<std::size_t>(shape.num_values()));
      write_batch(images, part, {}, options_.normalization, pixels);
      std::vector<std::int64_t> labels;
      labels.reserve(part.size());
      for (const std::int64_t place : part) labels.push_back(images.labels[static_cast<std::size_t>(place)]);
      const Variable batch = Variable::images({num_images, shape.channels, shape.height, shape.width}, pixels.data());
      const Variable logits = module.logits(batch, BatchNormMode::kRunning, hooks);
      const auto index = static_cast<std::size_t>(chunk);
      loss[index] = static_cast<double>(cross_entropy(logits, labels, 0.0).values().front()) * static_cast<double>(num_images);
      const std::vector<float> numbers = logits.values();
      const std::size_t num_classes = numbers.size() / part.size();
      for (std::size_t i = 0; i < part.size(); ++i) {
        const auto row = numbers.begin() + static_cast<std::ptrdiff_t>(i * num_classes);
        const auto best = std::max_element(row, row + static_cast<std::ptrdiff_t>(num_classes)) - row;
        correct[index] += best == labels[i] ? 1 : 0;
      }
    }
  });
  ClassificationScore score;
  for (std::size_t i = 0; i < correct.size(); ++i) {
    score.accuracy_fraction += static_cast<double>(correct[i]) / static_cast<double>(count);
    score.loss += loss[i] / static_cast<double>(count);
  }
  return score;
}

}  // namespace crossloom
