#pragma once

#include <string>

#include "simulator/metrics/run_metrics.h"

namespace crossloom {

/// Table of the operations of a run for report.html: one row an operation, one column a field of LayerMetrics under its name
/// in metrics.json, with its meaning as hover text. Every cell has the exact value as data-value, which sorting compares.
[[nodiscard]] std::string layer_table_html(const RunMetrics& metrics);

}  // namespace crossloom
