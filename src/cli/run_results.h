#pragma once

#include <string>

#include "cli/output_folder.h"
#include "report/run_figures.h"

namespace crossloom {

/// Reads tilemap.json and, when it is there, metrics.json of an output folder. Throws UserError when the map is missing, a file
/// cannot be read, or the metrics are of another network or chip.
[[nodiscard]] RunResults load_run_results(const std::string& folder);

}  // namespace crossloom
