#pragma once

#include <string>

#include "simulator/metrics/run_metrics.h"

/// Figures of where the time of a run went.
namespace crossloom {

/// Bars, one a layer: its time from start to end, summed over its blocks or copies, split into work and waiting by cause.
[[nodiscard]] std::string layer_time_svg(const RunMetrics& metrics);

/// Bars, one a kind of resource: shares of the time of all instances in use, from work to nothing to do.
[[nodiscard]] std::string resource_time_svg(const RunMetrics& metrics);

/// Curves, one a kind of resource: mean utilization of its instances over the run.
[[nodiscard]] std::string utilization_svg(const RunMetrics& metrics);

}  // namespace crossloom
