#include "simulator/device/weight_mapping.h"

#include <algorithm>
#include <cmath>

#include "support/error.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

/// The nearest level to a conductance in units of g_max.
double nearest_level(double conductance, const ArrayCell& cell) {
  if (cell.num_levels == 0) return conductance;
  const double steps = static_cast<double>(cell.num_levels - 1);
  const double low = cell.relative_min();
  const double range = cell.relative_range();
  return std::rint((conductance - low) * steps / range) * range / steps + low;
}

/// The same with 24 significant bits after each step.
double nearest_level_binary32(double conductance, const ArrayCell& cell) {
  auto value = static_cast<float>(conductance);
  if (cell.num_levels == 0) return static_cast<double>(value);
  const auto low = static_cast<float>(cell.relative_min());
  const auto steps = static_cast<float>(static_cast<double>(cell.num_levels - 1) / cell.relative_range());
  value = std::rint((value - low) * steps) / steps + low;
  return static_cast<double>(value);
}

/// What a cell of a differential pair without slices is set to.
double settable(double target, const ArrayConfig& array) {
  return array.weights.target_precision == TargetPrecision::kBinary32 ? nearest_level_binary32(target, array.cell)
                                                                      : nearest_level(target, array.cell);
}

double one_sided_target(double weight, const ArrayCell& cell) {
  const double half_level = cell.num_levels == 0 ? 0.0 : 0.5 / static_cast<double>(cell.num_levels);
  return weight >= half_level ? cell.relative_min() + cell.relative_range() * weight : cell.relative_min();
}

/// Span of the offset mapping in units of g_max.
double offset_span(const ArrayCell& cell) {
  if (cell.num_levels == 0) return cell.relative_range();
  const double num_levels = static_cast<double>(cell.num_levels);
  return cell.relative_range() * (num_levels - 2.0) / (num_levels - 1.0);
}

/// Weights in units of weight_max, clipped to +-1, as input lines x output lines.
RealMatrix normalized(const RealMatrix& weights, const ArrayWeights& config, RangeUse& use) {
  RealMatrix result = transposed(weights);
  std::int64_t num_clipped = 0;
  double largest = 0.0;
  for (double& value : result.values) {
    if (!std::isfinite(value)) throw UserError("weights: a value is not a finite number");
    value /= config.weight_max;
    largest = std::max(largest, std::abs(value));
    if (std::abs(value) > 1.0) ++num_clipped;
    value = std::clamp(value, -1.0, 1.0);
  }
  use.used_fraction = largest;
  if (!result.values.empty())
    use.clipped_fraction = static_cast<double>(num_clipped) / static_cast<double>(result.values.size());
  return result;
}

template <class Target>
RealMatrix targets(const RealMatrix& weights, Target&& target) {
  RealMatrix result = weights;
  std::ranges::transform(result.values, result.values.begin(), target);
  return result;
}

void map_whole(const RealMatrix& weights, const ArrayConfig& array, MappedWeights& mapped) {
  const ArrayCell& cell = array.cell;
  const double low = cell.relative_min();
  const double range = cell.relative_range();
  ConductanceSlice& slice = mapped.slices.emplace_back();
  slice.significance = 1.0 / range;
  switch (array.weights.polarity) {
    case WeightPolarity::kDifferentialOneSided:
      slice.positive = targets(weights, [&](double w) { return settable(one_sided_target(w, cell), array); });
      slice.negative = targets(weights, [&](double w) { return settable(one_sided_target(-w, cell), array); });
      return;
    case WeightPolarity::kDifferentialTwoSided:
      slice.positive = targets(weights, [&](double w) { return settable(low + range * (1.0 + w) / 2.0, array); });
      slice.negative = targets(weights, [&](double w) { return settable(low + range * (1.0 - w) / 2.0, array); });
      return;
    case WeightPolarity::kOffset: {
      const double span = offset_span(cell);
      slice.positive = targets(weights, [&](double w) { return nearest_level(span * (w / 2.0 + 0.5) + (1.0 - span), cell); });
      slice.significance = 2.0 / (array.weights.offset_gain == OffsetGain::kExact ? span : range);
      mapped.offset_per_input = (1.0 - span / 2.0) * slice.significance;
      return;
    }
  }
}

void map_slices(const RealMatrix& weights, const ArrayConfig& array, MappedWeights& mapped) {
  const ArrayCell& cell = array.cell;
  const bool is_offset = array.weights.polarity == WeightPolarity::kOffset;
  const std::int64_t slice_bits = bits_per_slice(array.weights);
  const std::int64_t largest = (std::int64_t{1} << (array.weights.weight_bits - 1)) - 1;
  const std::int64_t mask = (std::int64_t{1} << slice_bits) - 1;
  const double largest_digit = static_cast<double>(mask);
  const auto digit = [&](std::int64_t magnitude, std::int64_t slice) {
    const auto value = static_cast<double>((magnitude >> (slice * slice_bits)) & mask);
    return nearest_level(cell.relative_min() + cell.relative_range() * value / largest_digit, cell);
  };
  const auto code = [&](double weight) { return std::llrint(static_cast<double>(largest) * weight); };
  for (std::int64_t slice = 0; slice < array.weights.num_slices; ++slice) {
    ConductanceSlice& planes = mapped.slices.emplace_back();
    planes.significance = std::ldexp(largest_digit, static_cast<int>(slice * slice_bits)) /
                          (cell.relative_range() * static_cast<double>(largest));
    if (is_offset) {
      planes.positive = targets(weights, [&](double w) { return digit(code(w) + largest + 1, slice); });
      mapped.offset_per_input += cell.relative_min() * planes.significance;
    } else {
      planes.positive = targets(weights, [&](double w) { return digit(std::max<std::int64_t>(code(w), 0), slice); });
      planes.negative = targets(weights, [&](double w) { return digit(std::max<std::int64_t>(-code(w), 0), slice); });
    }
  }
  if (is_offset) mapped.offset_per_input += static_cast<double>(largest + 1) / static_cast<double>(largest);
}

void find_conductance_range(const MappedWeights& mapped, const ArrayCell& cell, RangeUse& use) {
  double low = 1.0;
  double high = 0.0;
  for (const ConductanceSlice& slice : mapped.slices) {
    for (const RealMatrix* plane : {&slice.positive, &slice.negative}) {
      for (const double value : plane->values) {
        low = std::min(low, value);
        high = std::max(high, value);
      }
    }
  }
  use.g_low_siemens = low * cell.g_max_siemens;
  use.g_high_siemens = high * cell.g_max_siemens;
}

}  // namespace

std::int64_t bits_per_slice(const ArrayWeights& weights) {
  if (weights.weight_bits % weights.num_slices == 0) return weights.weight_bits / weights.num_slices;
  const bool holds_magnitudes = weights.polarity != WeightPolarity::kOffset;
  return ceil_div(holds_magnitudes ? weights.weight_bits - 1 : weights.weight_bits, weights.num_slices);
}

MappedWeights map_weights(const RealMatrix& weights, const ArrayConfig& array) {
  MappedWeights mapped;
  const RealMatrix relative = normalized(weights, array.weights, mapped.range_use);
  if (array.weights.num_slices == 1) {
    map_whole(relative, array, mapped);
  } else {
    map_slices(relative, array, mapped);
  }
  find_conductance_range(mapped, array.cell, mapped.range_use);
  return mapped;
}

}  // namespace crossloom
