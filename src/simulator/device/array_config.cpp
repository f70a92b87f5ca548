#include "simulator/device/array_config.h"

#include <array>

#include "simulator/device/weight_mapping.h"
#include "support/integer_math.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 3> kPolarities = {"differential_one_sided", "differential_two_sided", "offset"};
constexpr std::array<std::string_view, 2> kSubtractions = {"analog", "digital"};
constexpr std::array<std::string_view, 2> kOffsetGains = {"exact", "reference"};
constexpr std::array<std::string_view, 2> kPrecisions = {"exact", "binary32"};
constexpr std::array<std::string_view, 2> kEncodings = {"unsigned", "sign_magnitude"};
constexpr std::array<std::string_view, 3> kRanges = {"fixed", "maximal", "calibrated"};

std::int64_t magnitude_bits(const ArrayInputs& inputs) {
  return inputs.encoding == DacEncoding::kSignMagnitude ? inputs.bits - 1 : inputs.bits;
}

std::string weights_problem(const ArrayConfig& array) {
  const ArrayWeights& weights = array.weights;
  if (weights.polarity == WeightPolarity::kDifferentialTwoSided && weights.num_slices > 1) {
    return "weights.num_slices: " + std::to_string(weights.num_slices) +
           ", allowed with weights.polarity = differential_two_sided: 1 (slices hold magnitudes)";
  }
  if (weights.num_slices == 1) {
    if (weights.polarity == WeightPolarity::kOffset && (array.cell.num_levels == 1 || array.cell.num_levels == 2)) {
      return "cell.num_levels: " + std::to_string(array.cell.num_levels) +
             ", allowed with weights.polarity = offset: 0 or at least 3 (one of them is the weight 0)";
    }
    return "";
  }
  if (weights.weight_bits < 2) return "weights.weight_bits: 1, allowed with slices: at least 2";
  const std::int64_t slice_bits = bits_per_slice(weights);
  if (array.cell.num_levels != 0 && array.cell.num_levels < (std::int64_t{1} << slice_bits)) {
    return "cell.num_levels: " + std::to_string(array.cell.num_levels) + ", allowed: 0 or at least " +
           std::to_string(std::int64_t{1} << slice_bits) + ", the digits of one slice";
  }
  return "";
}

std::string inputs_problem(const ArrayInputs& inputs) {
  if (inputs.bits == 0 && inputs.bits_per_phase != 0) return "inputs.bits_per_phase: needs inputs.bits";
  if (inputs.bits == 1 && inputs.encoding == DacEncoding::kSignMagnitude)
    return "inputs.bits: 1, allowed with inputs.encoding = sign_magnitude: 0 or at least 2";
  return "";
}

std::string adc_problem(const ArrayConfig& array) {
  const ArrayAdc& adc = array.adc;
  if (adc.model == AdcModel::kNone || adc.range != AdcRange::kFixed) return "";
  const auto num_ranges = static_cast<std::int64_t>(adc.fixed_ranges.size());
  if (num_ranges != 1 && num_ranges != array.weights.num_slices) {
    return "adc.fixed_ranges: " + std::to_string(num_ranges) +
           " ranges, allowed: 1 or weights.num_slices = " + std::to_string(array.weights.num_slices);
  }
  for (const CurrentRange& range : adc.fixed_ranges) {
    if (!(range.low < range.high))
      return "adc.fixed_ranges: low " + shortest_text(range.low) + ", allowed: below high " + shortest_text(range.high);
    if (adc.model == AdcModel::kSignMagnitude && range.low != -range.high)
      return "adc.fixed_ranges: low " + shortest_text(range.low) +
             ", allowed with adc.model = sign_magnitude: -high = " + shortest_text(-range.high);
  }
  return "";
}

}  // namespace

std::span<const std::string_view> enum_names(WeightPolarity) { return kPolarities; }
std::span<const std::string_view> enum_names(PairSubtraction) { return kSubtractions; }
std::span<const std::string_view> enum_names(OffsetGain) { return kOffsetGains; }
std::span<const std::string_view> enum_names(TargetPrecision) { return kPrecisions; }
std::span<const std::string_view> enum_names(DacEncoding) { return kEncodings; }
std::span<const std::string_view> enum_names(AdcRange) { return kRanges; }

std::int64_t largest_input_code(const ArrayInputs& inputs) {
  return inputs.bits == 0 ? 0 : (std::int64_t{1} << magnitude_bits(inputs)) - 1;
}

std::int64_t num_phases(const ArrayInputs& inputs) {
  if (inputs.bits == 0 || inputs.bits_per_phase == 0) return 1;
  return ceil_div(magnitude_bits(inputs), inputs.bits_per_phase);
}

std::string array_problem(const ArrayConfig& array) {
  if (!(array.cell.g_min_siemens < array.cell.g_max_siemens)) {
    return "cell.g_min_siemens: " + shortest_text(array.cell.g_min_siemens) +
           ", allowed: below cell.g_max_siemens = " + shortest_text(array.cell.g_max_siemens);
  }
  if (array.cell.num_levels == 1) return "cell.num_levels: 1, allowed: 0 or at least 2";
  for (const std::string& problem : {weights_problem(array), inputs_problem(array.inputs), adc_problem(array)}) {
    if (!problem.empty()) return problem;
  }
  return "";
}

}  // namespace crossloom
