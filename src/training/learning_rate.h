#pragma once

#include <cstdint>

#include "training/training_options.h"

namespace crossloom {

/// Learning rate of step `step` of `steps_an_epoch * num_epochs`, counted from 0: linear up to the highest over the warm-up,
/// then 1/2 (1 + cos(pi t)) of it, t from 0 to 1 (Loshchilov, Hutter, "SGDR", ICLR 2017, equation 5).
[[nodiscard]] double learning_rate(const TrainingOptions& options, std::int64_t step, std::int64_t steps_an_epoch);

/// Decay of the moving average at a step: that of the options, less at the beginning, so that the average leaves the initial
/// values: min(decay, (1 + step) / (10 + step)) (TensorFlow, ExponentialMovingAverage, num_updates).
[[nodiscard]] double average_decay(const TrainingOptions& options, std::int64_t step);

}  // namespace crossloom
