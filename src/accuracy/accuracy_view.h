#pragma once

#include <string>
#include <vector>

#include "accuracy/accuracy_report.h"
#include "report/run_figures.h"

namespace crossloom {

/// `accuracy`: in floating point, in codes and on the chip, over the swept parameter where there is one; `layer_noise` and
/// `layer_loss`: what the arrays do to each layer, by noise to signal and by the accuracy that the layer alone costs.
[[nodiscard]] std::vector<NamedFigure> accuracy_figures(const AccuracyReport& report);

/// A page with the headline figures, the table of points and all figures; XHTML that needs nothing from outside.
[[nodiscard]] std::string accuracy_page(const AccuracyReport& report);
/// The same as a section of another page (report_page).
[[nodiscard]] std::string accuracy_section(const AccuracyReport& report);

}  // namespace crossloom
