#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sweep/sweep.h"

namespace crossloom {

/// Points to work on: first, first + step, ... below end.
struct PointRange {
  std::int64_t first = 0;
  std::int64_t end = 0;
  std::int64_t step = 1;
  [[nodiscard]] std::int64_t count() const { return first >= end ? 0 : (end - first - 1) / step + 1; }
  [[nodiscard]] std::int64_t at(std::int64_t index) const { return first + index * step; }
};

/// The points of a sweep by number, worked out when asked for: memory does not grow with a product.
class SweepPoints {
 public:
  /// The sweep must outlive it. Throws UserError when there are more than 2^62 combinations.
  explicit SweepPoints(const Sweep& sweep);

  /// Points before filters. Of a product the last axis turns fastest.
  [[nodiscard]] std::int64_t size() const { return size_; }

  /// The values of a point in the order of keys_of; nothing when a filter drops it. Samples depend on seed, axis and number
  /// alone. Throws UserError as Filter::accepts.
  [[nodiscard]] std::optional<std::vector<std::string>> values_of(std::int64_t point) const;

 private:
  [[nodiscard]] std::vector<std::string> sampled(std::int64_t point) const;

  const Sweep& sweep_;
  std::int64_t size_ = 1;
  std::vector<std::vector<std::uint32_t>> strata_;  ///< Latin hypercube: [axis][point]
};

}  // namespace crossloom
