#pragma once

#include <string>
#include <string_view>

#include "simulator/metrics/run_metrics.h"

/// metrics.json: the header of every output file (`schema`, `schema_version`, `crossloom_version`), then the fields of
/// RunMetrics at the top level, component figures as `"energy_pj": {"total": ..., "adc": ...}`. JSON Schema: docs/schema; every
/// statistic: docs/metrics.md.
namespace crossloom {

/// The same data gives the same bytes; a newline ends the text. Throws InternalError for a figure that is not finite.
[[nodiscard]] std::string metrics_to_json(const RunMetrics& metrics);

/// Checks types and bounds of every field. Throws UserError `source:line: path: ...`.
[[nodiscard]] RunMetrics metrics_from_json(std::string_view text, std::string_view source_name);

}  // namespace crossloom
