#pragma once

#include <string>

namespace crossloom {

/// docs/metrics.md: name, unit and meaning of every statistic of metrics.json, from the fields of RunMetrics.
[[nodiscard]] std::string metrics_reference_markdown();

}  // namespace crossloom
