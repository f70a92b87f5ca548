#pragma once

#include <string>
#include <string_view>

#include "report/run_figures.h"

namespace crossloom {

/// report.html of a run: one XHTML-clean page that needs nothing from outside, light or dark as the reader's system has it.
/// Headline numbers, all figures of run_figures with a filter of the crossbars by layer and tile, the table of layers
/// (sortable), `further_section` (markup of a Markup, such as that of an accuracy result; empty: none), and the resolved chip.
[[nodiscard]] std::string report_page(const RunResults& results, std::string_view further_section = {});

}  // namespace crossloom
