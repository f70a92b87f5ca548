#include "simulator/analog/trials.h"

#include <algorithm>
#include <cmath>

namespace crossloom {

TrialResults run_trials(const RealMatrix& weights, const RealMatrix& inputs, const ArrayConfig& array, const DeviceNoise& noise,
                        std::uint64_t seed, std::int64_t num_trials, std::int64_t num_threads) {
  TrialResults results;
  AnalogMatrix ideal(weights, array, {}, {.seed = seed}, num_threads);
  ideal.calibrate(inputs, num_threads);
  results.ideal = ideal.multiply(inputs, 0, num_threads);
  results.mean = RealMatrix(inputs.rows, weights.rows);
  results.deviation = results.mean;
  for (std::int64_t trial = 0; trial < num_trials; ++trial) {
    const auto number = static_cast<std::uint64_t>(trial);
    AnalogMatrix matrix(weights, array, noise, {.seed = seed, .trial = number}, num_threads);
    matrix.calibrate(inputs, num_threads);
    const RealMatrix outputs = matrix.multiply(inputs, number, num_threads);
    // Welford's update (Technometrics 1962): mean and sum of squared deviations without cancellation.
    for (std::size_t i = 0; i < outputs.values.size(); ++i) {
      const double distance = outputs.values[i] - results.mean.values[i];
      results.mean.values[i] += distance / static_cast<double>(trial + 1);
      results.deviation.values[i] += distance * (outputs.values[i] - results.mean.values[i]);
    }
    if (trial > 0) continue;
    results.outputs = outputs;
    results.range_use = matrix.range_use();
    results.write_effort = matrix.write_effort();
    results.num_arrays = matrix.num_arrays();
  }
  const auto divisor = static_cast<double>(std::max<std::int64_t>(num_trials - 1, 1));
  for (double& value : results.deviation.values) value = std::sqrt(value / divisor);
  return results;
}

}  // namespace crossloom
