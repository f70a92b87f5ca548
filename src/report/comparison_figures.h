#pragma once

#include <string>
#include <vector>

#include "report/comparison.h"
#include "report/run_figures.h"

namespace crossloom {

/// Runs side by side: `time` (latency and makespan beside their bounds), `busy`, `stalls` and `energy` of a mean image, `area`
/// of the chip; one bar a run, or a bar a run and figure.
[[nodiscard]] std::vector<NamedFigure> comparison_figures(const std::vector<ComparedRun>& runs);

/// A page with the table of the headline figures and all figures; XHTML that needs nothing from outside.
[[nodiscard]] std::string comparison_page(const std::vector<ComparedRun>& runs);

}  // namespace crossloom
