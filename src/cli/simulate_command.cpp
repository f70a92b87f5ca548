#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/metrics_options.h"
#include "cli/output_folder.h"
#include "cli/simulate_request.h"
#include "cli/trace_request.h"
#include "compiler/rnc/rnc_layers.h"
#include "compiler/scheduling/given_placement.h"
#include "report/run_view.h"
#include "simulator/metrics/metrics_files.h"
#include "support/atomic_file.h"
#include "support/document.h"

namespace crossloom {
namespace {

struct SimulateRequest {
  std::string folder;
  std::string batch = "1";
  std::string tile_buffers = "unbounded";
  MetricsOptions metrics;
  bool wants_estimate = false;
  TraceRequest trace;
  std::string placement;  ///< file; empty: the folder's own
};

/// The folder's program, with its blocks where a placement file has them.
PlacedProgram requested_program(const SimulateRequest& request) {
  PlacedProgram program = load_compiled_program(request.folder);
  if (request.placement.empty()) return program;
  const std::vector<RncPlacement> placements = parse_rnc_placements(read_text_file(request.placement), request.placement);
  return with_placements(std::move(program), placements, request.placement);
}

ExitCode simulate_command(const SimulateRequest& request, Console& console) {
  const std::int64_t batch = batch_option(request.batch);
  const TileBuffers tile_buffers = tile_buffers_option(request.tile_buffers);
  const ActivityFile activity(request.metrics);
  const std::unique_ptr<TraceRecorder> recorder = trace_recorder(request.trace);
  const PlacedProgram program = requested_program(request);
  const RunMetrics metrics = simulate_with_progress(program,
                                                    {.batch = batch,
                                                     .activity = activity.of(program),
                                                     .tile_buffers = tile_buffers,
                                                     .observer = recorder.get(),
                                                     .resources = instances_csv_writer(request.metrics)},
                                                    console);
  const std::string metrics_json = metrics_to_json(metrics);
  const std::string path = path_in(request.folder, kMetricsFile);
  // The folder holds one compilation; figures of other places are no part of it.
  const bool is_own = request.placement.empty();
  if (is_own) write_metrics(request.folder, metrics_json);
  if (recorder) write_file_atomically(request.trace.file, recorder->json());
  write_metrics_csv(request.metrics, metrics);
  console.print(run_text(metrics, console.detail()));
  console.print(is_own
                    ? fmt::format("\nwrote {}\n", path)
                    : fmt::format("\nwith the blocks placed as in {}; {} stays as it is\n", request.placement, request.folder));
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
  app.add_option("--placement", request->placement,
                 "blocks at other places: a CSV file of layer_idx,crossbar_idx,loc_x,loc_y,max_x,max_y, rows from loc_x on, "
                 "columns from loc_y on, as many copies of each layer's blocks as it holds; nothing is written in DIR")
      ->type_name("FILE");
  app.footer(
      "Reads program.json and tilemap.json of DIR, writes metrics.json there and removes a report.html of earlier\nmetrics; "
      "docs/metrics.md explains every statistic.");
  return [request](Console& console) { return simulate_command(*request, console); };
}

}  // namespace crossloom
