#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/run_figures.h"
#include "sweep/results_table.h"

namespace crossloom {

/// The figures of a sweep: `front_crossbars`, `front_energy` and `front_area` (latency against what it costs, where known),
/// `effect_<key>` (geometric mean of the latency by value of an axis), `best_<key>_<key>` (least latency by the values of two
/// axes).
[[nodiscard]] std::vector<NamedFigure> sweep_figures(const ResultsTable& table);

/// Points by two columns of numbers, coloured by the values of a third; an empty `colour` for none. Throws UserError: unknown
/// columns, a column without numbers, more colours than a legend holds.
[[nodiscard]] std::string sweep_plot_svg(const ResultsTable& table, const std::string& x, const std::string& y,
                                         const std::string& colour);

/// A page with all figures and the table, whose rows can be filtered and sorted; XHTML that needs nothing from outside.
[[nodiscard]] std::string sweep_page(const ResultsTable& table, const std::string& title);

}  // namespace crossloom
