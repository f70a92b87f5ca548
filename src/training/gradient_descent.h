#pragma once

#include <cstdint>
#include <span>

#include "training/training_options.h"

namespace crossloom {

/// What one step of gradient descent works on: arrays of one length, a number each parameter.
struct DescentArrays {
  std::span<const float> gradients;     ///< of the sum over the images of the batch
  std::span<const float> decays;        ///< rate at which each parameter decays
  std::span<const float> penalty = {};  ///< added to the gradients of the mean; empty: none
  std::span<float> parameters;
  std::span<float> velocity;
};

/// One step of stochastic gradient descent with Nesterov momentum (Sutskever et al., ICML 2013): gradients longer than
/// options.largest_gradient are cut to that norm, then decay and penalty are added.
void descend(const TrainingOptions& options, double learning_rate, std::int64_t num_images, const DescentArrays& arrays);

/// Throws UserError with the step's number when a loss is not finite.
void require_finite_loss(double loss, std::int64_t step, const TrainingOptions& options);

/// Moves a moving average the share 1 - decay of the way to `values`.
void approach(std::span<float> average, std::span<const float> values, double decay);

}  // namespace crossloom
