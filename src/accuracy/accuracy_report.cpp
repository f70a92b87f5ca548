#include "accuracy/accuracy_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "simulator/program/file_header.h"
#include "simulator/program/file_schema.h"
#include "support/csv.h"
#include "support/document.h"

namespace crossloom {

namespace {
constexpr NumberRange kFraction{0.0, 1.0};
constexpr IntegerRange kCount{0, std::int64_t{1} << 40};
constexpr std::string_view kAccuracySchema = "crossloom/accuracy";

/// 97.5 % quantile of Student's t (tables of Fisher and Yates, 1938), for up to 30 degrees of freedom; beyond, the first terms
/// of the expansion about the normal quantile z, z + (z^3 + z) / (4 n) + (5 z^5 + 16 z^3 + 3 z) / (96 n^2) (Abramowitz, Stegun,
/// 26.7.5).
double student_quantile(std::size_t degrees_of_freedom) {
  constexpr std::array<double, 30> kTable = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                                             2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                                             2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
  if (degrees_of_freedom <= kTable.size()) return kTable[degrees_of_freedom - 1];
  constexpr double kNormal = 1.959964;
  const auto n = static_cast<double>(degrees_of_freedom);
  const double cube = kNormal * kNormal * kNormal;
  return kNormal + (cube + kNormal) / (4.0 * n) +
         (5.0 * cube * kNormal * kNormal + 16.0 * cube + 3.0 * kNormal) / (96.0 * n * n);
}
}  // namespace

template <class Self, class Visitor>
requires SameStruct<Self, TrialAccuracy>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"accuracy_fraction", "share of the images whose largest output is the label's", kFraction},
        self.accuracy_fraction);
}

template <class Self, class Visitor>
requires SameStruct<Self, AccuracyPoint>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"values", "values of the swept parameters"}, self.values);
  visit(Field{"quantized_fraction", "accuracy in codes at this point, with exact sums", kFraction}, self.quantized_fraction);
  visit(Field{"mean_fraction", "mean accuracy over the trials", kFraction}, self.mean_fraction);
  visit(Field{"std_fraction", "standard deviation over the trials, of the sample; 0 for one", kFraction}, self.std_fraction);
  visit(Field{"low_fraction", "lower end of the 95 % interval of the mean", kFraction}, self.low_fraction);
  visit(Field{"high_fraction", "upper end of it", kFraction}, self.high_fraction);
  visit(Field{"trials", "every trial; one when nothing is random"}, self.trials);
}

template <class Self, class Visitor>
requires SameStruct<Self, LayerEffect>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"layer", "layer that runs in crossbars"}, self.layer);
  visit(Field{"noise_to_signal_fraction", "rms error of its sums / rms of the exact sums of the same inputs",
              NumberRange{0.0, 1e300}},
        self.noise_to_signal_fraction);
  visit(Field{"accuracy_alone_fraction", "accuracy with this layer in its arrays and all others exact", kFraction},
        self.accuracy_alone_fraction);
  visit(Field{"accuracy_loss_fraction", "exact accuracy of the same images less that", NumberRange{-1.0, 1.0}},
        self.accuracy_loss_fraction);
}

template <class Self, class Visitor>
requires SameStruct<Self, AccuracyReport>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"network", "network"}, self.network);
  visit(Field{"chip", "chip"}, self.chip);
  visit(Field{"data", "where the images come from"}, self.data);
  visit(Field{"num_images", "test images scored", kCount}, self.num_images);
  visit(Field{"num_calibration_images", "training images that set the ranges of activations", kCount},
        self.num_calibration_images);
  visit(Field{"num_trials", "programmings a point; 1 when nothing is random", kCount}, self.num_trials);
  visit(Field{"seed", "seed of every draw", IntegerRange{0}}, self.seed);
  visit(Field{"weight_bits", "bits of a weight", kCount}, self.weight_bits);
  visit(Field{"activation_bits", "bits of an activation", kCount}, self.activation_bits);
  visit(Field{"weight_scales", "whether the weights of a layer share one scale"}, self.weight_scales);
  visit(Field{"float_accuracy_fraction", "accuracy in floating point", kFraction}, self.float_accuracy_fraction);
  visit(Field{"quantized_accuracy_fraction", "accuracy in codes, with exact sums; of a sweep at its first point", kFraction},
        self.quantized_accuracy_fraction);
  visit(Field{"swept_parameters", "keys of the noise file or the chip that are swept; none, one or two"},
        self.swept_parameters);
  visit(Field{"points", "accuracy on the chip, every value of the first with every value of the second parameter"},
        self.points);
  visit(Field{"layers", "what the arrays do to each layer, at the first point"}, self.layers);
}

AccuracyPoint summarize(std::vector<double> values, std::span<const double> accuracies) {
  AccuracyPoint point{.values = std::move(values)};
  const auto count = static_cast<double>(accuracies.size());
  for (const double accuracy : accuracies) {
    point.trials.push_back({accuracy});
    point.mean_fraction += accuracy / count;
  }
  point.mean_fraction = std::clamp(point.mean_fraction, 0.0, 1.0);
  point.low_fraction = point.mean_fraction;
  point.high_fraction = point.mean_fraction;
  if (accuracies.size() < 2) return point;
  double squares = 0.0;
  for (const double accuracy : accuracies) squares += (accuracy - point.mean_fraction) * (accuracy - point.mean_fraction);
  point.std_fraction = std::sqrt(squares / (count - 1.0));
  const double half_width = student_quantile(accuracies.size() - 1) * point.std_fraction / std::sqrt(count);
  point.low_fraction = std::max(point.mean_fraction - half_width, 0.0);
  point.high_fraction = std::min(point.mean_fraction + half_width, 1.0);
  return point;
}

std::string accuracy_to_json(const AccuracyReport& report) { return file_text(kAccuracySchema, write_fields(report)); }

AccuracyReport accuracy_from_json(std::string_view text, std::string_view source_name) {
  const Document document = parse_json(text, source_name);
  ConfigReader reader(document, std::string(source_name));
  static_cast<void>(read_header(reader, kAccuracySchema));
  return read_fields<AccuracyReport>(reader);
}

std::string accuracy_schema() {
  return file_schema<AccuracyReport>(kAccuracySchema, "accuracy.json: how right a network is on the chip it was compiled for");
}

std::string accuracy_csv(const AccuracyReport& report) {
  std::string text;
  for (const std::string& key : report.swept_parameters) text += csv_field(key) + ',';
  text += "trial,accuracy_fraction\n";
  for (const AccuracyPoint& point : report.points) {
    for (std::size_t trial = 0; trial < point.trials.size(); ++trial) {
      for (const double value : point.values) text += fmt::format("{},", value);
      text += fmt::format("{},{}\n", trial, point.trials[trial].accuracy_fraction);
    }
  }
  return text;
}

std::string layer_effects_csv(const AccuracyReport& report) {
  std::string text = "layer,noise_to_signal_fraction,accuracy_alone_fraction,accuracy_loss_fraction\n";
  for (const LayerEffect& effect : report.layers) {
    text += fmt::format("{},{},{},{}\n", csv_field(effect.layer), effect.noise_to_signal_fraction,
                        effect.accuracy_alone_fraction, effect.accuracy_loss_fraction);
  }
  return text;
}

}  // namespace crossloom
