#pragma once

#include <string>
#include <vector>

#include "report/detail.h"
#include "simulator/estimate/estimate_comparison.h"
#include "simulator/metrics/run_metrics.h"

namespace crossloom {

/// What `--estimate` shows: each quantity estimated and simulated with its error, the limits that the estimate names and, when
/// detailed, the terms of every operation beside the end that was simulated. `layers` are those of the simulation.
[[nodiscard]] std::string estimate_text(const EstimateComparison& comparison, const std::vector<LayerMetrics>& layers,
                                        Detail detail);

}  // namespace crossloom
