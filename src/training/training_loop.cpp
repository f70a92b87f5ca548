#include "training/training_loop.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "support/atomic_file.h"
#include "support/error.h"
#include "training/learning_rate.h"

namespace crossloom {
namespace {

std::string file_in(const std::string& folder, std::string_view name) {
  return (std::filesystem::path(folder) / name).string();
}

std::string text_of(const std::vector<double>& values) { return fmt::format("{}", fmt::join(values, ",")); }

class Loop {
 public:
  Loop(TrainingTask& task, const ImageSplit& split, const TrainingOptions& options, const RunOptions& run,
       std::vector<std::pair<std::string, std::string>> identity)
      : task_(task), split_(split), options_(options), run_(run), steps_an_epoch_(steps_an_epoch(split, options)) {
    position_.identity = std::move(identity);
    const std::string path = file_in(run.folder, kCheckpointFile);
    if (run.resumes) {
      Checkpoint checkpoint = read_checkpoint(path);
      require_same_identity(path, checkpoint, position_.identity);
      task_.restore(checkpoint);
      position_ = std::move(checkpoint);
    } else if (std::filesystem::exists(path)) {
      throw UserError(path + ": is there from an earlier run; --resume goes on with it, another --out begins anew");
    }
    began_ = std::chrono::steady_clock::now();
    last_checkpoint_ = began_;
    seconds_before_ = position_.seconds;
    steps_before_ = position_.num_steps;
  }

  [[nodiscard]] LoopResult result() {
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
    return {.is_complete = true, .best_epoch = position_.best_epoch, .records = position_.records};
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
        task_.step(batch, {.epoch = epoch, .index = position_.num_steps, .steps_an_epoch = steps_an_epoch_});
    ++position_.num_steps;
    if (!run_.progress) return;
    const auto done = static_cast<double>(position_.num_steps - steps_before_);
    const auto left = static_cast<double>(num_steps() - position_.num_steps);
    run_.progress({.num_steps = position_.num_steps,
                   .num_steps_total = num_steps(),
                   .seconds_left = (seconds() - seconds_before_) / done * left});
  }

  void finish_epoch(std::int64_t epoch) {
    const TrainingStep last{.epoch = epoch, .index = position_.num_steps - 1, .steps_an_epoch = steps_an_epoch_};
    const auto [score, is_best] = task_.finish_epoch(last, position_.records);
    if (is_best) position_.best_epoch = epoch + 1;
    position_.records.push_back({.epoch = epoch + 1,
                                 .learning_rate = learning_rate(options_, last.index, steps_an_epoch_),
                                 .training_loss = position_.epoch_loss / static_cast<double>(steps_an_epoch_),
                                 .validation_loss = score.loss,
                                 .validation_accuracy_fraction = score.accuracy_fraction,
                                 .seconds = seconds()});
    position_.epoch_loss = 0.0;
    if (run_.epoch_done) run_.epoch_done(position_.records.back());
  }

  void save() {
    position_.seconds = seconds();
    position_.arrays = task_.arrays();
    write_checkpoint(file_in(run_.folder, kCheckpointFile), position_);
    write_file_atomically(file_in(run_.folder, kLogFile), log_csv(position_.records));
    last_checkpoint_ = std::chrono::steady_clock::now();
  }

  TrainingTask& task_;
  const ImageSplit& split_;
  const TrainingOptions& options_;
  const RunOptions& run_;
  std::int64_t steps_an_epoch_;
  Checkpoint position_;
  std::vector<std::int64_t> order_;  ///< of the epoch under way
  double seconds_before_ = 0.0;
  std::int64_t steps_before_ = 0;
  std::chrono::steady_clock::time_point began_;
  std::chrono::steady_clock::time_point last_checkpoint_;
};

}  // namespace

std::int64_t steps_an_epoch(const ImageSplit& split, const TrainingOptions& options) {
  const std::int64_t count = static_cast<std::int64_t>(split.training.size()) / options.batch_size;
  if (count > 0) return count;
  throw UserError(fmt::format("--batch: {}, allowed: at most the {} training images that are not held out", options.batch_size,
                              split.training.size()));
}

std::vector<std::pair<std::string, std::string>> loop_identity(const ImageSet& images, const TrainingOptions& options) {
  const PixelNormalization& pixels = options.normalization;
  return {{"data", images_hash(images)},
          {"number of epochs", std::to_string(options.num_epochs)},
          {"batch size", std::to_string(options.batch_size)},
          {"number of threads", std::to_string(options.num_workers)},
          {"device", options.device == Device::kCuda ? "cuda" : "cpu"},
          {"seed", std::to_string(options.seed)},
          {"learning rate", fmt::format("{}, warm-up {}", options.learning_rate, options.warmup_epochs)},
          {"optimizer", fmt::format("momentum {}, decay {}, limit {}, clip {}, smoothing {}, average {}", options.momentum,
                                    options.weight_decay, options.weight_limit_deviations, options.largest_gradient,
                                    options.label_smoothing, options.average_decay)},
          {"image preparation",
           fmt::format("validation {}, crop {}, flips {}, cutout {}, mixup {}, scale {}, mean {}, deviation {}",
                       options.validation_fraction, options.crop_padding, options.flips, options.cutout, options.mixup,
                       pixels.scale, text_of(pixels.mean), text_of(pixels.deviation))}};
}

LoopResult run_epochs(TrainingTask& task, const ImageSplit& split, const TrainingOptions& options, const RunOptions& run,
                      std::vector<std::pair<std::string, std::string>> identity) {
  return Loop(task, split, options, run, std::move(identity)).result();
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
