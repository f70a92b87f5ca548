#pragma once

#include <optional>
#include <string>

#include "simulator/metrics/activity_statistics.h"
#include "simulator/metrics/run_metrics.h"
#include "simulator/program/placed_program.h"

namespace CLI {
class App;
}

namespace crossloom {

/// `--activity` and `--csv` of the commands that simulate; empty when not given.
struct MetricsOptions {
  std::string activity;
  std::string csv;
};

void add_metrics_options(CLI::App& app, MetricsOptions& options);

/// The file that `--activity` names, read before the work that leads to a simulation. Throws UserError `file:line: ...`.
class ActivityFile {
 public:
  explicit ActivityFile(const MetricsOptions& options);

  /// What it says about `program`; nothing without a file. Throws UserError when it is of another network or other layers.
  [[nodiscard]] std::optional<ActivityStatistics> of(const PlacedProgram& program) const;

 private:
  std::string path_;
  std::string text_;
  std::optional<ActivityStatistics> activity_;
};

/// Writes every statistic to the file that `--csv` names, when it does.
void write_metrics_csv(const MetricsOptions& options, const RunMetrics& metrics);

}  // namespace crossloom
