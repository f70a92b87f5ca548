#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sweep/sweep.h"
#include "sweep/sweep_points.h"

namespace crossloom {

/// 16 points of lenet5, of which a filter drops every fourth, three do not fit and the others are done.
inline constexpr std::string_view kSmallSweep = R"(evaluate: estimate
axes:
  network: lenet5
  chip: edge-64
  crossbars: [1, 1x, 1.5x, 2x]
  effort: fast
  adc.columns_per_adc: [8, 16]
linked:
  - crossbar.rows: [64, 128]
    crossbar.active_rows: [64, 32]
filters:
  - crossbar.rows * adc.columns_per_adc != 2048
)";

[[nodiscard]] inline Sweep small_sweep() { return parse_sweep_yaml(kSmallSweep, "sweep.yaml"); }

/// All points of a sweep, those that a filter drops left out.
[[nodiscard]] inline std::vector<std::vector<std::string>> all_points(const Sweep& sweep) {
  const SweepPoints points(sweep);
  std::vector<std::vector<std::string>> all;
  for (std::int64_t i = 0; i < points.size(); ++i) {
    if (auto values = points.values_of(i)) all.push_back(*std::move(values));
  }
  return all;
}

}  // namespace crossloom
