#include "nas/torch/supernet_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>

#include "nas/supernet/shared_layout.h"
#include "nas/torch/sized_images.h"
#include "nas/torch/subnetwork_scorer.h"
#include "training/batch_score.h"
#include "training/device_network.h"
#include "training/gradient_descent.h"
#include "training/learning_rate.h"
#include "training/training_images.h"
#include "training/worker_threads.h"

namespace crossloom {
namespace {

Genotype smallest_genotype(const SearchSpace& space) {
  return {.values = std::vector<double>(largest_genotype(space).values.size())};
}

/// A network and how it shares its weights.
struct SharingNetwork {
  SharingNetwork(const SearchSpace& space, const SharedLayout& layout, const Genotype& genotype)
      : network(build_network(space, subnetwork_of(space, genotype))), sharing(layout, network) {}

  Network network;
  WeightSharing sharing;
};

/// A network in one step: the numbers it has gathered, and each worker's gradients of them.
struct NetworkInStep {
  std::shared_ptr<const SharingNetwork> shared;
  std::vector<float> parameters;
  HookMaker hooks;
  std::vector<std::vector<float>> gradients;  ///< of each worker
};

class SupernetTask : public TrainingTask {
 public:
  SupernetTask(const SearchSpace& space, const ImageSet& images, const ImageSplit& split, const TrainingOptions& options,
               const SupernetOptions& supernet)
      : space_(space),
        layout_(space),
        images_(space, images),
        options_(options),
        supernet_(supernet),
        largest_(std::make_shared<const SharingNetwork>(space, layout_, largest_genotype(space))),
        smallest_(std::make_shared<const SharingNetwork>(space, layout_, smallest_genotype(space))),
        shared_(supernet.start ? supernet.start->values : layout_.initial_values(options.seed)),
        velocity_(shared_.size()),
        average_(shared_),
        decays_(layout_.weight_mask()) {
    for (float& decay : decays_) decay *= static_cast<float>(options.weight_decay);
    scoring_.scored = split.validation;
    const auto count = std::min<std::size_t>(split.training.size(), static_cast<std::size_t>(supernet.num_calibration_images));
    scoring_.calibration.assign(split.training.begin(), split.training.begin() + static_cast<std::ptrdiff_t>(count));
  }

  double step(std::span<const std::int64_t> places, const TrainingStep& step) override {
    std::vector<NetworkInStep> networks = networks_of(step);
    std::vector<double> losses(static_cast<std::size_t>(options_.num_workers));
    with_memory_message(places.size(), [&] {
      in_threads(losses.size(), [&](std::size_t worker) {
        const auto share = share_of(places, worker, losses.size());
        losses[worker] = run_worker(networks, worker, share, step) * static_cast<double>(share.size());
      });
    });
    double loss = 0.0;
    for (const double of_worker : losses) loss += of_worker / static_cast<double>(places.size());
    require_finite_loss(loss, step.index, options_);

    std::vector<float> gradients(shared_.size());
    for (NetworkInStep& network : networks) {
      std::vector<float>& sum = network.gradients.front();
      for (std::size_t i = 1; i < network.gradients.size(); ++i)
        std::ranges::transform(sum, network.gradients[i], sum.begin(), std::plus<>());
      network.shared->sharing.scatter(shared_, sum, gradients);
    }
    descend(options_, learning_rate(options_, step.index, step.steps_an_epoch), static_cast<std::int64_t>(places.size()),
            {.gradients = gradients, .decays = decays_, .parameters = shared_, .velocity = velocity_});
    approach(average_, shared_, average_decay(options_, step.index));
    return loss;
  }

  EpochScore finish_epoch(const TrainingStep&, const std::vector<EpochRecord>&) override {
    const SubnetworkScorer scorer(space_, layout_, average_, images_, images_, scoring_, options_.normalization);
    return {.score = scorer.score(subnetwork_of(space_, largest_genotype(space_))), .is_best = true};
  }

  [[nodiscard]] Arrays arrays() const override { return {{"shared", shared_}, {"velocity", velocity_}, {"average", average_}}; }

  void restore(const Checkpoint& checkpoint) override {
    shared_ = checkpoint.array("shared");
    velocity_ = checkpoint.array("velocity");
    average_ = checkpoint.array("average");
  }

  [[nodiscard]] const std::vector<float>& average() const { return average_; }

 private:
  /// The largest first: the others learn from it.
  [[nodiscard]] std::vector<NetworkInStep> networks_of(const TrainingStep& step) const {
    std::vector<std::shared_ptr<const SharingNetwork>> chosen = {largest_};
    const double total = static_cast<double>(step.steps_an_epoch * options_.num_epochs);
    if (static_cast<double>(step.index) >= supernet_.largest_fraction * total) {
      chosen.push_back(smallest_);
      // Apart from the draws of a search, whose layer is a generation.
      constexpr std::uint64_t kSandwichDraws = std::uint64_t{1} << 62U;
      RandomStream random(
          options_.seed,
          {.purpose = RandomPurpose::kSearch, .layer = kSandwichDraws, .trial = static_cast<std::uint64_t>(step.index)});
      const std::vector<Gene> genes = genes_of(space_);
      for (std::int64_t i = 0; i < supernet_.num_random && !genes.empty(); ++i)
        chosen.push_back(std::make_shared<const SharingNetwork>(space_, layout_, random_genotype(genes, random)));
    }
    std::vector<NetworkInStep> networks;
    networks.reserve(chosen.size());
    for (auto& shared : chosen) {
      NetworkInStep& network = networks.emplace_back();
      network.parameters = shared->sharing.gathered(shared_);
      network.gradients.assign(static_cast<std::size_t>(options_.num_workers), std::vector<float>(network.parameters.size()));
      if (supernet_.hooks) network.hooks = supernet_.hooks(shared->network);
      network.shared = std::move(shared);
    }
    return networks;
  }

  /// Loss of the largest network.
  double run_worker(std::vector<NetworkInStep>& networks, std::size_t worker, std::span<const std::int64_t> places,
                    const TrainingStep& step) const {
    double loss_of_largest = 0.0;
    Variable answers;
    for (NetworkInStep& network : networks) {
      std::vector<float> statistics(ParameterLayout(network.shared->network).num_statistics());
      const DeviceNetwork computed(network.shared->network,
                                   {.parameters = network.parameters.data(),
                                    .gradients = network.gradients[worker].data(),
                                    .statistics = statistics.data(),
                                    .device = options_.device},
                                   options_.depthwise);
      computed.to_device();
      ForwardHooks hooks;
      if (network.hooks) {
        hooks = network.hooks({.parameters = network.parameters,
                               .statistics = statistics,
                               .worker = static_cast<std::int64_t>(worker),
                               .step = step.index,
                               .num_steps = step.steps_an_epoch * options_.num_epochs,
                               .is_training = true});
      }
      LabelledBatch batch = moved_batch(images_.of(network.shared->network.input_shape), places, options_, step.epoch);
      const Variable logits = computed.module().logits(images_of(batch), BatchNormMode::kBatch, hooks);
      if (!answers.exists() && supernet_.teachers) supernet_.teachers->teach(batch);
      const Variable loss = cross_entropy(logits, answers.exists() ? answers : targets_of(batch));
      backward(loss, static_cast<double>(places.size()));
      computed.from_device();
      if (answers.exists()) continue;
      loss_of_largest = static_cast<double>(loss.values().front());
      const NoGradients no_gradients;
      answers = apply(UnaryFunction::kSoftmax, logits);
    }
    return loss_of_largest;
  }

  const SearchSpace& space_;
  SharedLayout layout_;
  SizedImages images_;
  const TrainingOptions& options_;
  const SupernetOptions& supernet_;
  std::shared_ptr<const SharingNetwork> largest_;
  std::shared_ptr<const SharingNetwork> smallest_;
  ScoringImages scoring_;
  std::vector<float> shared_;
  std::vector<float> velocity_;
  std::vector<float> average_;
  std::vector<float> decays_;
};

/// What is trained on must have left the same images out.
void require_same_images(const Supernet& start, const Supernet& result, const ImageSet& images) {
  if (start.data != result.data)
    throw UserError("--data: " + images.source + ": are other images than the supernet to train on was trained on");
  if (start.seed != result.seed) {
    throw UserError(
        fmt::format("--seed: {}, must be {} as that of the supernet: other images would be held out", result.seed, start.seed));
  }
  if (start.validation_fraction != result.validation_fraction) {
    throw UserError(fmt::format("--validation: {}, must be {} as that of the supernet: other images would be held out",
                                result.validation_fraction, start.validation_fraction));
  }
  if (start.normalization != result.normalization)
    throw UserError("--pixel-scale, --mean, --std: must be those of the supernet to train on");
}

}  // namespace

SupernetResult train_supernet(const SearchSpace& space, const ImageSet& images, const TrainingOptions& options,
                              const SupernetOptions& supernet, const RunOptions& run) {
  SupernetResult result;
  result.supernet = {.space = supernet_space(space),
                     .data = images_hash(images),
                     .validation_fraction = options.validation_fraction,
                     .seed = static_cast<std::int64_t>(options.seed),
                     .num_epochs = options.num_epochs,
                     .normalization = options.normalization,
                     .values = {}};
  std::string start = "none";
  if (supernet.start) {
    require_same_images(*supernet.start, result.supernet, images);
    result.supernet.num_epochs += supernet.start->num_epochs;
    start = values_hash(*supernet.start);
  }
  std::vector<std::pair<std::string, std::string>> identity = {
      {"space", result.supernet.space},
      {"supernet to train on", start},
      {"sandwich", fmt::format("largest alone {}, {} drawn", supernet.largest_fraction, supernet.num_random)}};
  std::ranges::move(loop_identity(images, options), std::back_inserter(identity));
  identity.push_back(teachers_identity(supernet.teachers.get()));
  identity.insert(identity.end(), run.identity.begin(), run.identity.end());
  const ImageSplit split = split_images(images, options.validation_fraction, options.seed);
  SupernetTask task(space, images, split, options, supernet);
  LoopResult loop = run_epochs(task, split, options, run, std::move(identity));
  result.is_complete = loop.is_complete;
  result.records = std::move(loop.records);
  if (result.is_complete) result.supernet.values = task.average();
  return result;
}

}  // namespace crossloom
