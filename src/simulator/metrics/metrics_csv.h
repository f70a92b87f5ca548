#pragma once

#include <string>

#include "simulator/metrics/run_metrics.h"

namespace crossloom {

/// Every statistic as a table `name,value` (RFC 4180 with line feeds): the names of metrics.json with dots between levels and
/// [i] for the elements of lists, in the order of the file; numbers in the shortest form that reads back to the same bits.
[[nodiscard]] std::string metrics_to_csv(const RunMetrics& metrics);

}  // namespace crossloom
