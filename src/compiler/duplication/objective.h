#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossloom {

/// What copies of layers are spent on.
enum class ObjectiveKind {
  kThroughput,  ///< least time between images: that of the slowest layer
  kLatency,     ///< least time of one image
  kCrossbars,   ///< fewest crossbars: copies cost more than they bring
  kEnergy,      ///< least energy of one image that copies can save: static power over its latency
};
[[nodiscard]] std::span<const std::string_view> enum_names(ObjectiveKind);

/// One objective and its share in the sum that is made small.
struct ObjectiveTerm {
  ObjectiveKind kind = ObjectiveKind::kThroughput;
  double weight = 1.0;
  friend bool operator==(const ObjectiveTerm&, const ObjectiveTerm&) = default;
};

/// Parses "latency", or a weighted sum such as "latency=0.5,energy=0.5"; weights are above 0 and are scaled to a sum of 1, each
/// kind stands once. Throws UserError `--objective: ...`.
[[nodiscard]] std::vector<ObjectiveTerm> parse_objective(std::string_view text);

/// As `parse_objective` reads it.
[[nodiscard]] std::string objective_text(std::span<const ObjectiveTerm> terms);

}  // namespace crossloom
