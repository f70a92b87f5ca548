#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.h"
#include "cli/compile_request.h"
#include "cli/console.h"
#include "cli/output_folder.h"
#include "report/compile_view.h"

namespace crossloom {
namespace {

ExitCode compile_command(const CompileRequest& request, Console& console) {
  const std::optional<CompiledRequest> result = compile_request(request, console);
  if (!result) return ExitCode::kDoesNotFit;
  write_compilation(result->folder, result->compiled);
  console.print(compile_text(result->compiled, console.detail()));
  console.print(fmt::format("\nwrote {}: {}, {}, {}, {}\nnext: crossloom simulate {}\n", result->folder, kTileMapFile,
                            kProgramFile, kBlocksFile, kLayersFile, result->folder));
  console.print_json(compile_json(result->compiled));
  return ExitCode::kDone;
}

}  // namespace

Action define_compile(CLI::App& app) {
  auto request = std::make_shared<CompileRequest>();
  add_compile_options(app, *request);
  app.footer(
      "Writes tilemap.json, program.json, blocks.csv and layers.csv; removes a metrics.json and\nreport.html of an earlier "
      "compilation.");
  return [request](Console& console) { return compile_command(*request, console); };
}

}  // namespace crossloom
