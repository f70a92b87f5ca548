#include "training/gradient_descent.h"

#include <fmt/format.h>

#include <cmath>

#include "support/error.h"

namespace crossloom {
namespace {

double norm_of(std::span<const float> values) {
  double sum = 0.0;
  for (const float value : values) sum += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(sum);
}

}  // namespace

void descend(const TrainingOptions& options, double learning_rate, std::int64_t num_images, const DescentArrays& arrays) {
  const auto count = static_cast<double>(num_images);
  const double norm = norm_of(arrays.gradients) / count;
  const double cut = norm > options.largest_gradient ? options.largest_gradient / norm : 1.0;
  const auto factor = static_cast<float>(cut / count);
  const auto rate = static_cast<float>(learning_rate);
  const auto momentum = static_cast<float>(options.momentum);
  for (std::size_t i = 0; i < arrays.parameters.size(); ++i) {
    float gradient = arrays.gradients[i] * factor + arrays.decays[i] * arrays.parameters[i];
    if (!arrays.penalty.empty()) gradient += arrays.penalty[i];
    arrays.velocity[i] = momentum * arrays.velocity[i] + gradient;
    arrays.parameters[i] -= rate * (gradient + momentum * arrays.velocity[i]);
  }
}

void require_finite_loss(double loss, std::int64_t step, const TrainingOptions& options) {
  if (std::isfinite(loss)) return;
  throw UserError(fmt::format("step {}: the loss is no finite number any more; a lower --learning-rate than {} may help", step,
                              options.learning_rate));
}

void approach(std::span<float> average, std::span<const float> values, double decay) {
  const auto share = static_cast<float>(1.0 - decay);
  for (std::size_t i = 0; i < values.size(); ++i) average[i] += share * (values[i] - average[i]);
}

}  // namespace crossloom
