#include "simulator/analog/adc_models.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "simulator/analog/conversion_kernels.h"

namespace crossloom {
namespace {

constexpr std::array<AdcModelInfo, 5> kModels = {{
    {"none", "currents are read exactly"},
    {"uniform", "2^bits equally spaced values from low to high"},
    {"sign_magnitude", "2^bits - 1 equally spaced values, symmetric about the value 0"},
    {"sar", "uniform, by successive approximation with a capacitor a bit, mismatched"},
    {"ramp", "uniform, by comparison with a staircase whose steps are mismatched"},
}};

constexpr std::array<std::string_view, kModels.size()> kNames = [] {
  std::array<std::string_view, kModels.size()> names;
  for (std::size_t i = 0; i < kModels.size(); ++i) names[i] = kModels[i].name;
  return names;
}();

std::vector<double> sar_weights(std::int64_t bits, double mismatch, RandomStream& random) {
  std::vector<double> weights;
  for (std::int64_t bit = 0; bit < bits; ++bit) {
    const double units = std::ldexp(1.0, static_cast<int>(bit));
    weights.push_back(units * (1.0 + mismatch / std::sqrt(units) * random.next_normal()));
  }
  const double scale = (std::ldexp(1.0, static_cast<int>(bits)) - 1.0) / std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight *= scale;
  return weights;
}

std::vector<double> ramp_levels(double num_steps, double mismatch, RandomStream& random) {
  std::vector<double> ends;
  double end = 0.0;
  while (static_cast<double>(ends.size()) < num_steps) {
    end += std::max(1.0 + mismatch * random.next_normal(), 0.0);
    ends.push_back(end);
  }
  for (double& value : ends) value *= num_steps / end;
  return ends;
}

}  // namespace

std::span<const AdcModelInfo> adc_models() { return kModels; }
std::span<const std::string_view> enum_names(AdcModel) { return kNames; }

Converters::Converters(const ArrayAdc& adc, CurrentRange range, std::int64_t num_lines, RandomStream random)
    : model_(adc.model), range_(range), bits_(adc.bits) {
  num_steps_ = std::ldexp(1.0, static_cast<int>(bits_)) - (model_ == AdcModel::kSignMagnitude ? 2.0 : 1.0);
  const bool has_mismatch = adc.mismatch_sigma_fraction > 0.0 && (model_ == AdcModel::kSar || model_ == AdcModel::kRamp);
  is_perfect_ = !has_mismatch && adc.offset_sigma_lsb == 0.0 && adc.gain_sigma_fraction == 0.0;
  if (is_perfect_ || model_ == AdcModel::kNone) return;
  for (std::int64_t line = 0; line < num_lines; ++line) {
    offsets_.push_back(adc.offset_sigma_lsb * random.next_normal());
    gains_.push_back(1.0 + adc.gain_sigma_fraction * random.next_normal());
    if (has_mismatch) draw_thresholds(adc, random);
  }
}

void Converters::draw_thresholds(const ArrayAdc& adc, RandomStream& random) {
  levels_.push_back(model_ == AdcModel::kSar ? sar_weights(bits_, adc.mismatch_sigma_fraction, random)
                                             : ramp_levels(num_steps_, adc.mismatch_sigma_fraction, random));
}

void Converters::convert(std::span<double> currents) const {
  if (model_ == AdcModel::kNone) return;
  if (is_perfect_) return quantize({range_.low, range_.high, num_steps_}, currents);
  for (std::size_t line = 0; line < offsets_.size(); ++line) currents[line] = distorted(currents[line], line);
}

void Converters::add_converted(std::span<double> currents, double weight, double* sum) const {
  if (model_ != AdcModel::kNone && is_perfect_) {
    return add_quantized({range_.low, range_.high, num_steps_}, currents, weight, sum);
  }
  convert(currents);
  for (std::size_t line = 0; line < currents.size(); ++line) sum[line] += weight * currents[line];
}

void Converters::add_converted(std::span<const std::int32_t> sums, const WholeUnits& units, double weight, double* sum) const {
  if (model_ != AdcModel::kNone && is_perfect_) {
    return add_quantized({range_.low, range_.high, num_steps_}, sums, units, weight, sum);
  }
  std::vector<double> currents(sums.size());
  scale_whole(sums, units, currents.data());
  add_converted(currents, weight, sum);
}

double Converters::distorted(double current, std::size_t line) const {
  const double scale = num_steps_ / (range_.high - range_.low);
  const double steps = std::clamp((current * gains_[line] - range_.low) * scale + offsets_[line], 0.0, num_steps_);
  double code = 0.0;
  if (levels_.empty()) {
    code = std::rint(steps);
  } else {
    code = model_ == AdcModel::kSar ? sar_code(steps, line) : ramp_code(steps, line);
  }
  return code / scale + range_.low;
}

double Converters::sar_code(double steps, std::size_t line) const {
  double code = 0.0;
  double reached = 0.0;
  for (std::size_t bit = levels_[line].size(); bit-- > 0;) {
    const double tried = reached + levels_[line][bit];
    if (steps < tried - 0.5) continue;
    reached = tried;
    code += std::ldexp(1.0, static_cast<int>(bit));
  }
  return code;
}

double Converters::ramp_code(double steps, std::size_t line) const {
  const std::vector<double>& ends = levels_[line];
  return static_cast<double>(std::upper_bound(ends.begin(), ends.end(), steps + 0.5) - ends.begin());
}

CurrentRange calibrated_range(std::vector<double> currents, double coverage_fraction) {
  if (currents.empty()) return {0.0, 1.0};
  const bool has_negative = std::ranges::any_of(currents, [](double current) { return current < 0.0; });
  for (double& current : currents) current = std::abs(current);
  const auto last = static_cast<double>(currents.size() - 1);
  const auto rank = static_cast<std::ptrdiff_t>(std::ceil(coverage_fraction * last));
  std::nth_element(currents.begin(), currents.begin() + rank, currents.end());
  const double high = currents[static_cast<std::size_t>(rank)] > 0.0 ? currents[static_cast<std::size_t>(rank)] : 1.0;
  return {has_negative ? -high : 0.0, high};
}

}  // namespace crossloom
