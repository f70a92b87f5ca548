#include "training/learning_rate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace crossloom {

double learning_rate(const TrainingOptions& options, std::int64_t step, std::int64_t steps_an_epoch) {
  const double warmup = options.warmup_epochs * static_cast<double>(steps_an_epoch);
  const auto total = static_cast<double>(steps_an_epoch * options.num_epochs);
  const auto done = static_cast<double>(step);
  if (done < warmup) return options.learning_rate * (done + 1.0) / std::max(warmup, 1.0);
  const double progress = std::min((done - warmup) / std::max(total - warmup, 1.0), 1.0);
  return options.learning_rate * 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
}

double average_decay(const TrainingOptions& options, std::int64_t step) {
  const auto done = static_cast<double>(step);
  return std::min(options.average_decay, (1.0 + done) / (10.0 + done));
}

}  // namespace crossloom
