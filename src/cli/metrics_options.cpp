#include "cli/metrics_options.h"

#include <CLI/CLI.hpp>

#include "simulator/metrics/metrics_csv.h"
#include "support/atomic_file.h"
#include "support/document.h"

namespace crossloom {

void add_metrics_options(CLI::App& app, MetricsOptions& options) {
  app.add_option("--activity", options.activity,
                 "activity.json with mean bits and densities of inputs and weights: energy of cells and DACs follows them")
      ->type_name("FILE");
  app.add_option("--csv", options.csv, "also write every statistic as name,value lines to FILE")->type_name("FILE");
  app.add_option(
         "--instances-csv", options.instances_csv,
         "also write what every crossbar, ADC group, port, bus, unit and link did with its time, and what it waited for, "
         "to FILE")
      ->type_name("FILE");
}

ActivityFile::ActivityFile(const MetricsOptions& options) : path_(options.activity) {
  if (path_.empty()) return;
  text_ = read_text_file(path_);
  activity_ = activity_from_json(text_, path_);
}

std::optional<ActivityStatistics> ActivityFile::of(const PlacedProgram& program) const {
  if (activity_) require_activity_of(program, text_, path_);
  return activity_;
}

std::function<void(const std::vector<ResourceClass>&)> instances_csv_writer(const MetricsOptions& options) {
  if (options.instances_csv.empty()) return {};
  return [&options](const std::vector<ResourceClass>& classes) {
    write_file_atomically(options.instances_csv, resource_times_csv(classes));
  };
}

void write_metrics_csv(const MetricsOptions& options, const RunMetrics& metrics) {
  if (!options.csv.empty()) write_file_atomically(options.csv, metrics_to_csv(metrics));
}

}  // namespace crossloom
