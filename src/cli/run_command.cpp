#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.h"
#include "cli/compile_request.h"
#include "cli/console.h"
#include "cli/metrics_options.h"
#include "cli/output_folder.h"
#include "cli/simulate_request.h"
#include "report/report_page.h"
#include "report/run_view.h"
#include "simulator/metrics/metrics_files.h"

namespace crossloom {
namespace {

struct RunRequest {
  CompileRequest compile;
  std::string batch = "1";
  std::string tile_buffers = "unbounded";
  MetricsOptions metrics;
  bool wants_estimate = false;
};

ExitCode run_command(const RunRequest& request, Console& console) {
  const std::int64_t batch = batch_option(request.batch);
  const TileBuffers tile_buffers = tile_buffers_option(request.tile_buffers);
  const ActivityFile activity(request.metrics);
  const std::optional<CompiledRequest> result = compile_request(request.compile, console);
  if (!result) return ExitCode::kDoesNotFit;
  const PlacedProgram& program = result->compiled.program;
  const RunMetrics metrics = simulate_with_progress(program,
                                                    {.batch = batch,
                                                     .activity = activity.of(program),
                                                     .tile_buffers = tile_buffers,
                                                     .resources = instances_csv_writer(request.metrics)},
                                                    console);
  const std::string metrics_json = metrics_to_json(metrics);
  const RunResults results = {.tile_map = result->compiled.tile_map, .metrics = metrics};
  write_compilation(result->folder, result->compiled, {.metrics_json = metrics_json, .report_html = report_page(results)});
  write_metrics_csv(request.metrics, metrics);
  console.print(run_text(metrics, console.detail()));
  console.print(fmt::format("\nwrote {}: {}, {}, {}, {}, {}, {}\n", result->folder, kTileMapFile, kProgramFile, kBlocksFile,
                            kLayersFile, kMetricsFile, kReportFile));
  if (request.wants_estimate) {
    print_estimate(program, metrics, console);
  } else {
    console.print_json_text(metrics_json);
  }
  return ExitCode::kDone;
}

}  // namespace

Action define_run(CLI::App& app) {
  auto request = std::make_shared<RunRequest>();
  add_compile_options(app, request->compile);
  add_batch_option(app, request->batch);
  add_tile_buffers_option(app, request->tile_buffers);
  add_metrics_options(app, request->metrics);
  add_estimate_option(app, request->wants_estimate);
  app.footer("Writes what compile and simulate write, and report.html.");
  return [request](Console& console) { return run_command(*request, console); };
}

}  // namespace crossloom
