#pragma once

#include <string>

#include "report/detail.h"
#include "simulator/metrics/run_metrics.h"

namespace crossloom {

/// What `crossloom simulate` and `run` show: headline numbers beside the names of their fields in metrics.json, the components
/// that take the energy and the layers that keep their crossbars longest; when detailed also stalls, events, area and every
/// layer.
[[nodiscard]] std::string run_text(const RunMetrics& metrics, Detail detail);

}  // namespace crossloom
