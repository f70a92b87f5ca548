#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.h"
#include "cli/compile_request.h"
#include "cli/console.h"
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
  bool wants_estimate = false;
};

ExitCode run_command(const RunRequest& request, Console& console) {
  const std::int64_t batch = batch_option(request.batch);
  const std::optional<CompiledRequest> result = compile_request(request.compile, console);
  if (!result) return ExitCode::kDoesNotFit;
  const RunMetrics metrics = simulate_with_progress(result->compiled.program, {.batch = batch}, console);
  const std::string metrics_json = metrics_to_json(metrics);
  const RunResults results = {.tile_map = result->compiled.tile_map, .metrics = metrics};
  write_compilation(result->folder, result->compiled, {.metrics_json = metrics_json, .report_html = report_page(results)});
  console.print(run_text(metrics, console.detail()));
  console.print(fmt::format("\nwrote {}: {}, {}, {}, {}, {}, {}\n", result->folder, kTileMapFile, kProgramFile, kBlocksFile,
                            kLayersFile, kMetricsFile, kReportFile));
  if (request.wants_estimate) {
    print_estimate(result->compiled.program, metrics, console);
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
  add_estimate_option(app, request->wants_estimate);
  app.footer("Writes what compile and simulate write, and report.html.");
  return [request](Console& console) { return run_command(*request, console); };
}

}  // namespace crossloom
