#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "simulator/metrics/activity_statistics.h"
#include "simulator/metrics/resource_times.h"
#include "simulator/metrics/run_metrics.h"
#include "simulator/program/placed_program.h"

namespace CLI {
class App;
}

namespace crossloom {

/// `--activity`, `--csv` and `--instances-csv` of the commands that simulate; empty when not given.
struct MetricsOptions {
  std::string activity;
  std::string csv;
  std::string instances_csv;
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

/// For SimulationOptions::resources: writes the times of every instance to the file that `--instances-csv` names; empty when it
/// names none. `options` must outlive it.
[[nodiscard]] std::function<void(const std::vector<ResourceClass>&)> instances_csv_writer(const MetricsOptions& options);

/// Writes every statistic to the file that `--csv` names, when it does.
void write_metrics_csv(const MetricsOptions& options, const RunMetrics& metrics);

}  // namespace crossloom
