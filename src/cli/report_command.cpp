#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>

#include "accuracy/accuracy_view.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/run_results.h"
#include "report/report_page.h"
#include "support/atomic_file.h"
#include "support/document.h"
#include "support/error.h"

namespace crossloom {
namespace {

struct ReportRequest {
  std::string folder;
  std::string svg;
  std::string out;
};

/// What a folder holds: a run, the accuracy of a network, or both.
struct FolderResults {
  std::optional<RunResults> run;
  std::optional<AccuracyReport> accuracy;
};

FolderResults load_results(const std::string& folder) {
  FolderResults results;
  const std::string path = path_in(folder, kAccuracyFile);
  if (std::filesystem::exists(path)) results.accuracy = accuracy_from_json(read_text_file(path), path);
  // Without either file the message is about the run's.
  if (!results.accuracy || std::filesystem::exists(path_in(folder, kTileMapFile))) results.run = load_run_results(folder);
  return results;
}

/// The SVG of the figure of this name; UserError with the names there are.
std::string figure_named(const FolderResults& results, const std::string& name) {
  std::vector<NamedFigure> figures;
  if (results.run) figures = run_figures(*results.run);
  if (results.accuracy) std::ranges::move(accuracy_figures(*results.accuracy), std::back_inserter(figures));
  const auto found =
      std::find_if(figures.begin(), figures.end(), [&](const NamedFigure& figure) { return figure.name == name; });
  if (found != figures.end()) return found->svg + '\n';
  std::string names;
  for (const NamedFigure& figure : figures) names += (names.empty() ? "" : ", ") + figure.name;
  throw UserError(
      fmt::format("--svg: {} is not one of {}{}", name, names,
                  !results.run || results.run->metrics ? "" : " (others need metrics.json: run crossloom simulate)"));
}

std::string page_of(const FolderResults& results) {
  if (!results.run) return accuracy_page(*results.accuracy);
  return report_page(*results.run, results.accuracy ? accuracy_section(*results.accuracy) : "");
}

ExitCode report_command(const ReportRequest& request, Console& console) {
  const FolderResults results = load_results(request.folder);
  const bool is_page = request.svg.empty();
  const std::string content = is_page ? page_of(results) : figure_named(results, request.svg);
  const std::string file = is_page ? std::string(kReportFile) : request.svg + ".svg";
  const std::string path = request.out.empty() ? path_in(request.folder, file) : request.out;
  write_file_atomically(path, content);
  console.print(fmt::format("wrote {}\n", path));
  console.print_json(Json::Object{{"file", path}, {"bytes", static_cast<std::int64_t>(content.size())}});
  return ExitCode::kDone;
}

}  // namespace

Action define_report(CLI::App& app) {
  auto request = std::make_shared<ReportRequest>();
  app.add_option("DIR", request->folder, "the folder that compile, run or accuracy wrote")->required()->type_name("");
  app.add_option("--svg", request->svg,
                 fmt::format("write one figure instead of the page: {};\nof accuracy: accuracy, layer_noise, layer_loss",
                             fmt::join(kRunFigureNames, ", ")))
      ->type_name("NAME");
  app.add_option("--out", request->out, "file to write (default: report.html or NAME.svg in DIR)")->type_name("FILE");
  app.footer("Reads tilemap.json and, when they are there, metrics.json and accuracy.json of DIR; or accuracy.json alone.");
  return [request](Console& console) { return report_command(*request, console); };
}

}  // namespace crossloom
