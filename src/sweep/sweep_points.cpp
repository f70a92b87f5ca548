#include "sweep/sweep_points.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "support/error.h"
#include "support/number_text.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

constexpr std::int64_t kMaxPoints = std::int64_t{1} << 62;

/// Which draws of an axis: where a point lies, or the order of the strata.
enum class AxisDraw : std::uint64_t { kPosition = 0, kStrata = 1 };

RandomStream stream_of(const Sweep& sweep, std::size_t axis, AxisDraw draw, std::int64_t point) {
  return {static_cast<std::uint64_t>(sweep.seed),
          {.purpose = RandomPurpose::kSearch,
           .layer = axis,
           .crossbar = static_cast<std::uint64_t>(draw),
           .trial = static_cast<std::uint64_t>(point)}};
}

/// 0, 1, ..., count - 1 in random order (Fisher and Yates; Durstenfeld, CACM 1964).
std::vector<std::uint32_t> permutation(std::int64_t count, RandomStream stream) {
  std::vector<std::uint32_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0U);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[stream.next_below(i)]);
  return order;
}

/// The value at fraction `u` of a range, 0 <= u < 1.
std::string value_at(const ContinuousRange& range, double u) {
  // An integer stands for the interval that begins at it.
  const double end = range.is_integer ? range.max + 1.0 : range.max;
  const double value = range.is_logarithmic ? range.min * std::pow(end / range.min, u) : range.min + u * (end - range.min);
  if (!range.is_integer) return shortest_text(std::min(value, range.max));
  return shortest_text(std::clamp(std::floor(value), range.min, range.max));
}

}  // namespace

SweepPoints::SweepPoints(const Sweep& sweep) : sweep_(sweep) {
  if (sweep.sample != SampleKind::kProduct) {
    size_ = sweep.num_samples;
    if (sweep.sample == SampleKind::kLatinHypercube) {
      for (std::size_t axis = 0; axis < sweep.axes.size(); ++axis) {
        strata_.push_back(permutation(size_, stream_of(sweep, axis, AxisDraw::kStrata, 0)));
      }
    }
    return;
  }
  for (const SweepAxis& axis : sweep.axes) {
    const auto count = static_cast<std::int64_t>(axis.values.size());
    if (size_ > kMaxPoints / count) throw UserError("the product of all axes has more than 2^62 points");
    size_ *= count;
  }
}

std::vector<std::string> SweepPoints::sampled(std::int64_t point) const {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < sweep_.axes.size(); ++i) {
    const SweepAxis& axis = sweep_.axes[i];
    double u = stream_of(sweep_, i, AxisDraw::kPosition, point).next_uniform();
    if (!strata_.empty()) {
      u = (static_cast<double>(strata_[i][static_cast<std::size_t>(point)]) + u) / static_cast<double>(size_);
      u = std::min(u, 1.0 - std::numeric_limits<double>::epsilon());
    }
    if (axis.range) {
      values.push_back(value_at(*axis.range, u));
    } else {
      const std::vector<std::string>& drawn =
          axis.values[static_cast<std::size_t>(u * static_cast<double>(axis.values.size()))];
      values.insert(values.end(), drawn.begin(), drawn.end());
    }
  }
  return values;
}

std::optional<std::vector<std::string>> SweepPoints::values_of(std::int64_t point) const {
  std::vector<std::string> values;
  if (sweep_.sample != SampleKind::kProduct) {
    values = sampled(point);
  } else {
    std::int64_t period = size_;
    for (const SweepAxis& axis : sweep_.axes) {
      period /= static_cast<std::int64_t>(axis.values.size());
      const std::vector<std::string>& chosen = axis.values[static_cast<std::size_t>(point / period)];
      values.insert(values.end(), chosen.begin(), chosen.end());
      point %= period;
    }
  }
  for (const Filter& filter : sweep_.filters) {
    if (!filter.accepts(values)) return std::nullopt;
  }
  return values;
}

}  // namespace crossloom
