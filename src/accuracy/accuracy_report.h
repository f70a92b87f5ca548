#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "accuracy/quantization.h"
#include "support/fields.h"

namespace crossloom {

/// Share of the images whose largest output is the label's, in one trial.
struct TrialAccuracy {
  double accuracy_fraction = 0.0;
  friend bool operator==(const TrialAccuracy&, const TrialAccuracy&) = default;
};

/// Accuracy on the chip at one point of the sweep.
struct AccuracyPoint {
  std::vector<double> values = {};  ///< of the swept parameters
  double quantized_fraction = 0.0;  ///< in codes, with exact sums
  double mean_fraction = 0.0;
  double std_fraction = 0.0;  ///< of the sample of trials; 0 for one trial
  double low_fraction = 0.0;  ///< 95 % interval of the mean over trials
  double high_fraction = 0.0;
  std::vector<TrialAccuracy> trials = {};
  friend bool operator==(const AccuracyPoint&, const AccuracyPoint&) = default;
};

/// What the analog arrays do to one layer.
struct LayerEffect {
  std::string layer;
  double noise_to_signal_fraction = 0.0;  ///< rms error of the sums / rms of the exact sums of the same inputs
  double accuracy_alone_fraction = 0.0;   ///< with this layer in its arrays and all others exact
  double accuracy_loss_fraction = 0.0;    ///< exact accuracy of the same images less that
  friend bool operator==(const LayerEffect&, const LayerEffect&) = default;
};

/// accuracy.json.
struct AccuracyReport {
  std::string network;
  std::string chip;
  std::string data;
  std::int64_t num_images = 0;
  std::int64_t num_calibration_images = 0;
  std::int64_t num_trials = 0;
  std::int64_t seed = 0;
  std::int64_t weight_bits = 0;
  std::int64_t activation_bits = 0;
  WeightScales weight_scales = WeightScales::kPerChannel;
  double float_accuracy_fraction = 0.0;
  double quantized_accuracy_fraction = 0.0;
  std::vector<std::string> swept_parameters = {};  ///< empty: none, then there is one point
  std::vector<AccuracyPoint> points = {};
  std::vector<LayerEffect> layers = {};  ///< at the first point
  friend bool operator==(const AccuracyReport&, const AccuracyReport&) = default;
};

/// Mean, standard deviation and the interval mean +- t s / sqrt(n) with Student's t for 95 % (Student, Biometrika 6, 1908),
/// within [0, 1].
[[nodiscard]] AccuracyPoint summarize(std::vector<double> values, std::span<const double> accuracies);

/// accuracy.json: the header and the fields. The same data gives the same bytes.
[[nodiscard]] std::string accuracy_to_json(const AccuracyReport& report);
/// Throws UserError naming file, line and member.
[[nodiscard]] AccuracyReport accuracy_from_json(std::string_view text, std::string_view source_name);
/// JSON Schema of accuracy.json (docs/schema).
[[nodiscard]] std::string accuracy_schema();
/// A line a trial: values of the swept parameters, trial, accuracy.
[[nodiscard]] std::string accuracy_csv(const AccuracyReport& report);
/// A line a layer: LayerEffect.
[[nodiscard]] std::string layer_effects_csv(const AccuracyReport& report);

}  // namespace crossloom
