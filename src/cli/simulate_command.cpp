#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/metrics_options.h"
#include "cli/output_folder.h"
#include "cli/simulate_request.h"
#include "cli/trace_request.h"
#include "report/run_view.h"
#include "simulator/metrics/metrics_files.h"
#include "support/atomic_file.h"

namespace crossloom {
namespace {

struct SimulateRequest {
  std::string folder;
  std::string batch = "1";
  std::string tile_buffers = "unbounded";
  MetricsOptions metrics;
  bool wants_estimate = false;
  TraceRequest trace;
};

ExitCode simulate_command(const SimulateRequest& request, Console& console) {
  const std::int64_t batch = batch_option(request.batch);
  const TileBuffers tile_buffers = tile_buffers_option(request.tile_buffers);
  const ActivityFile activity(request.metrics);
  const std::unique_ptr<TraceRecorder> recorder = trace_recorder(request.trace);
  const PlacedProgram program = load_compiled_program(request.folder);
  const RunMetrics metrics = simulate_with_progress(
      program, {.batch = batch, .activity = activity.of(program), .tile_buffers = tile_buffers, .observer = recorder.get()},
      console);
  const std::string metrics_json = metrics_to_json(metrics);
  const std::string path = path_in(request.folder, kMetricsFile);
  write_metrics(request.folder, metrics_json);
  if (recorder) write_file_atomically(request.trace.file, recorder->json());
  write_metrics_csv(request.metrics, metrics);
  console.print(run_text(metrics, console.detail()));
  console.print(fmt::format("\nwrote {}\n", path));
  if (recorder) {
    console.print(
        fmt::format("wrote {}: one of {} windows of each layer\n", request.trace.file, recorder->trace().window_step));
  }
  if (request.wants_estimate) {
    print_estimate(program, metrics, console);
  } else {
    console.print_json_text(metrics_json);
  }
  return ExitCode::kDone;
}

}  // namespace

Action define_simulate(CLI::App& app) {
  auto request = std::make_shared<SimulateRequest>();
  app.add_option("DIR", request->folder, "the folder that compile wrote")->required()->type_name("");
  add_batch_option(app, request->batch);
  add_tile_buffers_option(app, request->tile_buffers);
  add_metrics_options(app, request->metrics);
  add_trace_options(app, request->trace);
  add_estimate_option(app, request->wants_estimate);
  app.footer(
      "Reads program.json and tilemap.json of DIR, writes metrics.json there and removes a report.html of earlier\nmetrics; "
      "docs/metrics.md explains every statistic.");
  return [request](Console& console) { return simulate_command(*request, console); };
}

}  // namespace crossloom
