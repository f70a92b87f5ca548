#pragma once

#include <string>
#include <vector>

#include "report/run_figures.h"
#include "sweep/results_table.h"

namespace crossloom {

/// The figures of a search from candidates.csv and front.csv: `objectives_<a>_<b>` for each two objectives (all candidates, and
/// the front), `simulated_<a>` for each objective that the scores of the front at its end (simulator, longer mapping
/// for RNC's evaluator) put at another value than the search did, and, with `test` (test.csv) and a baseline, `test_accuracy`:
/// accuracy on the test images by speed over the baseline.
[[nodiscard]] std::vector<NamedFigure> search_figures(const ResultsTable& candidates, const ResultsTable& front,
                                                      const ResultsTable* test = nullptr);

/// A page with all figures and the front as a table, genes last, whose rows can be filtered and sorted; XHTML that needs
/// nothing from outside. With `test` also the accuracy on test images.
[[nodiscard]] std::string search_page(const ResultsTable& candidates, const ResultsTable& front, const std::string& title,
                                      const ResultsTable* test = nullptr);

}  // namespace crossloom
