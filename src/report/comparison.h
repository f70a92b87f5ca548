#pragma once

#include <string>
#include <vector>

#include "simulator/metrics/run_metrics.h"
#include "support/json.h"

namespace crossloom {

/// A run under the name it has in tables and figures.
struct ComparedRun {
  std::string name;
  RunMetrics metrics;
};

/// One figure of two runs.
struct Difference {
  std::string name;
  double first = 0.0;
  double other = 0.0;
  [[nodiscard]] double change() const { return other - first; }
  friend bool operator==(const Difference&, const Difference&) = default;
};

/// Where the difference between two runs comes from, all a mean image (over the batch of each run), largest change first; ties
/// keep the order of metrics.json. What is 0 in both runs is left out.
struct Explanation {
  std::vector<Difference> busy_ns;    ///< time the busiest instance of each kind of resource was taken
  std::vector<Difference> stalls_ns;  ///< waiting time by cause
  std::vector<Difference> energy_pj;  ///< by component: the changes add up to that of the energy
  std::vector<Difference> area_um2;   ///< by component, of the chip; the changes add up to that of the area
};
[[nodiscard]] Explanation explain(const RunMetrics& first, const RunMetrics& other);

/// Headline figures of all runs side by side, in the units of metrics.json.
struct ComparedFigure {
  std::string name;  ///< its path in metrics.json
  std::vector<double> values;
};
[[nodiscard]] std::vector<ComparedFigure> compared_figures(const std::vector<ComparedRun>& runs);

/// The table of the headline figures, with each run's factor to the first, then for each run but the first what explains its
/// difference from the first.
[[nodiscard]] std::string comparison_text(const std::vector<ComparedRun>& runs);

/// {"runs": [..], "figures": {name: [values]}, "differences": [{"run", "busy_ns": [..], "stalls_ns", "energy_pj",
/// "area_um2"}]}.
[[nodiscard]] Json comparison_json(const std::vector<ComparedRun>& runs);

/// The headline figures as rows of texts: name, a value a run, and from the second run on its factor to the first.
[[nodiscard]] std::vector<std::vector<std::string>> comparison_rows(const std::vector<ComparedRun>& runs);

}  // namespace crossloom
