#include "training/training_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "compiler/ir/weight_store.h"
#include "support/atomic_file.h"
#include "support/error.h"
#include "support/json.h"
#include "training/learning_rate.h"
#include "training/training_images.h"

namespace crossloom {
namespace {

std::string file_in(const std::string& folder, std::string_view name) {
  return (std::filesystem::path(folder) / name).string();
}

std::string text_of(const std::vector<double>& values) { return fmt::format("{}", fmt::join(values, ",")); }

/// Layers and numbers that training starts from.
std::string start_hash(const TrainableNetwork& start) {
  std::string bytes;
  for (const Layer& layer : start.network.layers) {
    bytes += fmt::format("{} {} {}x{}x{}\n", layer.name, static_cast<int>(layer.kind), layer.output_shape.channels,
                         layer.output_shape.height, layer.output_shape.width);
  }
  for (const std::vector<float>* values : {&start.values.parameters, &start.values.statistics})
    bytes.append(reinterpret_cast<const char*>(values->data()), values->size() * sizeof(float));
  return content_hash(bytes);
}

std::vector<std::pair<std::string, std::string>> identity_of(const TrainableNetwork& start, const ImageSet& images,
                                                             const TrainingOptions& options, const RunOptions& run) {
  const PixelNormalization& pixels = options.normalization;
  std::vector<std::pair<std::string, std::string>> identity = {
      {"network", start.network.name},
      {"start", start_hash(start)},
      {"data", images_hash(images)},
      {"number of epochs", std::to_string(options.num_epochs)},
      {"batch size", std::to_string(options.batch_size)},
      {"number of threads", std::to_string(options.num_workers)},
      {"seed", std::to_string(options.seed)},
      {"learning rate", fmt::format("{}, warm-up {}", options.learning_rate, options.warmup_epochs)},
      {"optimizer",
       fmt::format("momentum {}, decay {}, limit {}, clip {}, smoothing {}, average {}", options.momentum, options.weight_decay,
                   options.weight_limit_deviations, options.largest_gradient, options.label_smoothing, options.average_decay)},
      {"image preparation",
       fmt::format("validation {}, crop {}, flips {}, scale {}, mean {}, deviation {}", options.validation_fraction,
                   options.crop_padding, options.flips, pixels.scale, text_of(pixels.mean), text_of(pixels.deviation))}};
  identity.emplace_back("pruning", run.pruning ? run.pruning->identity() : "none");
  identity.insert(identity.end(), run.identity.begin(), run.identity.end());
  return identity;
}

class Run {
 public:
  Run(const TrainableNetwork& start, const ImageSet& images, const TrainingOptions& options, const RunOptions& run,
      const HookMaker& hooks)
      : images_(images),
        options_(options),
        run_(run),
        split_(split_images(images, options.validation_fraction, options.seed)),
        steps_an_epoch_(static_cast<std::int64_t>(split_.training.size()) / options.batch_size),
        trainer_(start, images, options, hooks, run.pruning) {
    if (steps_an_epoch_ == 0) {
      throw UserError(fmt::format("--batch: {}, allowed: at most the {} training images that are not held out",
                                  options.batch_size, split_.training.size()));
    }
    position_.identity = identity_of(start, images, options, run);
    best_ = start.values;
    const std::string path = file_in(run.folder, kCheckpointFile);
    if (run.resumes) {
      resume(path);
    } else if (std::filesystem::exists(path)) {
      throw UserError(path + ": is there from an earlier run; --resume goes on with it, another --out begins anew");
    }
    began_ = std::chrono::steady_clock::now();
    last_checkpoint_ = began_;
    seconds_before_ = position_.seconds;
    steps_before_ = position_.num_steps;
  }

  [[nodiscard]] TrainingResult result() {
    while (position_.num_steps < num_steps()) {
      if (run_.most_steps > 0 && position_.num_steps - steps_before_ == run_.most_steps) return {};
      const std::int64_t epoch = position_.num_steps / steps_an_epoch_;
      if (order_.empty() || position_.num_steps % steps_an_epoch_ == 0)
        order_ = epoch_order(split_.training, options_.seed, epoch);
      step(epoch);
      if (position_.num_steps % steps_an_epoch_ == 0) finish_epoch(epoch);
      const std::chrono::duration<double> since = std::chrono::steady_clock::now() - last_checkpoint_;
      if (position_.num_steps % steps_an_epoch_ == 0 || since.count() >= run_.checkpoint_seconds) save();
    }
    return {.is_complete = true, .best = best_, .best_epoch = position_.best_epoch, .records = position_.records};
  }

 private:
  [[nodiscard]] std::int64_t num_steps() const { return steps_an_epoch_ * options_.num_epochs; }
  [[nodiscard]] double seconds() const {
    const std::chrono::duration<double> now = std::chrono::steady_clock::now() - began_;
    return seconds_before_ + now.count();
  }

  void step(std::int64_t epoch) {
    const std::int64_t first = position_.num_steps % steps_an_epoch_ * options_.batch_size;
    const auto batch = std::span<const std::int64_t>(order_).subspan(static_cast<std::size_t>(first),
                                                                     static_cast<std::size_t>(options_.batch_size));
    position_.epoch_loss +=
        trainer_.step(batch, {.epoch = epoch, .index = position_.num_steps, .steps_an_epoch = steps_an_epoch_});
    ++position_.num_steps;
    if (!run_.progress) return;
    const auto done = static_cast<double>(position_.num_steps - steps_before_);
    const auto left = static_cast<double>(num_steps() - position_.num_steps);
    run_.progress({.num_steps = position_.num_steps,
                   .num_steps_total = num_steps(),
                   .seconds_left = (seconds() - seconds_before_) / done * left});
  }

  void finish_epoch(std::int64_t epoch) {
    const ClassificationScore score = trainer_.score(trainer_.state().average, images_, split_.validation);
    const auto is_better = [&](const EpochRecord& record) {
      return !is_pruned(record.epoch) || score.accuracy_fraction > record.validation_accuracy_fraction;
    };
    if (is_pruned(epoch + 1) && std::ranges::all_of(position_.records, is_better)) {
      best_ = trainer_.state().average;
      position_.best_epoch = epoch + 1;
    }
    position_.records.push_back({.epoch = epoch + 1,
                                 .learning_rate = learning_rate(options_, position_.num_steps - 1, steps_an_epoch_),
                                 .training_loss = position_.epoch_loss / static_cast<double>(steps_an_epoch_),
                                 .validation_loss = score.loss,
                                 .validation_accuracy_fraction = score.accuracy_fraction,
                                 .seconds = seconds()});
    position_.epoch_loss = 0.0;
    if (run_.epoch_done) run_.epoch_done(position_.records.back());
  }

  /// Whether the network after this epoch, from 1, has lost all that it is to lose.
  [[nodiscard]] bool is_pruned(std::int64_t epoch) const {
    return !run_.pruning || run_.pruning->is_done(epoch * steps_an_epoch_, num_steps());
  }

  void save() {
    const TrainerState& state = trainer_.state();
    position_.seconds = seconds();
    position_.arrays = {{"parameters", state.values.parameters},
                        {"statistics", state.values.statistics},
                        {"velocity", state.velocity},
                        {"average parameters", state.average.parameters},
                        {"average statistics", state.average.statistics},
                        {"copies", state.copies},
                        {"duals", state.duals},
                        {"best parameters", best_.parameters},
                        {"best statistics", best_.statistics}};
    write_checkpoint(file_in(run_.folder, kCheckpointFile), position_);
    write_file_atomically(file_in(run_.folder, kLogFile), log_csv(position_.records));
    last_checkpoint_ = std::chrono::steady_clock::now();
  }

  void resume(const std::string& path) {
    Checkpoint checkpoint = read_checkpoint(path);
    require_same_identity(path, checkpoint, position_.identity);
    trainer_.set_state({.values = {checkpoint.array("parameters"), checkpoint.array("statistics")},
                        .velocity = checkpoint.array("velocity"),
                        .average = {checkpoint.array("average parameters"), checkpoint.array("average statistics")},
                        .copies = checkpoint.array("copies"),
                        .duals = checkpoint.array("duals")});
    best_ = {checkpoint.array("best parameters"), checkpoint.array("best statistics")};
    position_ = std::move(checkpoint);
  }

  const ImageSet& images_;
  const TrainingOptions& options_;
  const RunOptions& run_;
  ImageSplit split_;
  std::int64_t steps_an_epoch_;
  Trainer trainer_;
  Checkpoint position_;
  NetworkValues best_;
  std::vector<std::int64_t> order_;  ///< of the epoch under way
  double seconds_before_ = 0.0;
  std::int64_t steps_before_ = 0;
  std::chrono::steady_clock::time_point began_;
  std::chrono::steady_clock::time_point last_checkpoint_;
};

}  // namespace

TrainingResult train(const TrainableNetwork& start, const ImageSet& images, const TrainingOptions& options,
                     const RunOptions& run, const HookMaker& hooks) {
  return Run(start, images, options, run, hooks).result();
}

std::string log_csv(const std::vector<EpochRecord>& records) {
  std::string text = "epoch,learning_rate,training_loss,validation_loss,validation_accuracy_fraction,seconds\n";
  for (const EpochRecord& record : records) {
    text += fmt::format("{},{:.6g},{:.6g},{:.6g},{:.6g},{:.1f}\n", record.epoch, record.learning_rate, record.training_loss,
                        record.validation_loss, record.validation_accuracy_fraction, record.seconds);
  }
  return text;
}

}  // namespace crossloom
