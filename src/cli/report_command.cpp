#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <optional>

#include "accuracy/accuracy_view.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/run_results.h"
#include "nas/candidate/search_results.h"
#include "nas/candidate/search_view.h"
#include "report/report_page.h"
#include "support/atomic_file.h"
#include "support/document.h"
#include "support/error.h"
#include "sweep/sweep_folder.h"
#include "sweep/sweep_view.h"

namespace crossloom {
namespace {

struct ReportRequest {
  std::string folder;
  std::string svg;
  std::string plot;
  std::string out;
};

/// What a folder holds: a search for networks; a sweep; or a run, the accuracy of a network, or both.
struct FolderResults {
  std::optional<ResultsTable> candidates;  ///< of a search
  std::optional<ResultsTable> front;       ///< likewise
  std::optional<ResultsTable> test;        ///< likewise, when the front was run on the test images
  std::optional<ResultsTable> sweep;
  std::optional<RunResults> run;
  std::optional<AccuracyReport> accuracy;
};

FolderResults load_results(const std::string& folder) {
  FolderResults results;
  const auto table = [&](std::string_view file) {
    const std::string path = path_in(folder, file);
    return ResultsTable(read_text_file(path), path);
  };
  if (std::filesystem::exists(path_in(folder, kFrontFile))) {
    results.candidates = table(kCandidatesFile);
    results.front = table(kFrontFile);
    if (std::filesystem::exists(path_in(folder, kTestFile))) results.test = table(kTestFile);
    return results;
  }
  if (std::filesystem::exists(path_in(folder, kSweepFile))) {
    results.sweep = table(kResultsFile);
    return results;
  }
  const std::string path = path_in(folder, kAccuracyFile);
  if (std::filesystem::exists(path)) results.accuracy = accuracy_from_json(read_text_file(path), path);
  // Without either file the message is about the run's.
  if (!results.accuracy || std::filesystem::exists(path_in(folder, kTileMapFile))) results.run = load_run_results(folder);
  return results;
}

const ResultsTable* test_of(const FolderResults& results) { return results.test ? &*results.test : nullptr; }

/// The SVG of the figure of this name; UserError with the names there are.
std::string figure_named(const FolderResults& results, const std::string& name) {
  std::vector<NamedFigure> figures;
  if (results.front) figures = search_figures(*results.candidates, *results.front, test_of(results));
  if (results.sweep) figures = sweep_figures(*results.sweep);
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

/// The points of a sweep, or the candidates of a search, by `x=COLUMN,y=COLUMN` and perhaps `color=COLUMN`.
std::string plot_of(const FolderResults& results, const std::string& text) {
  if (!results.sweep && !results.front) throw UserError("--plot: is for the folder of a sweep or search");
  std::map<std::string, std::string> columns = {{"x", ""}, {"y", ""}, {"color", ""}};
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string part = text.substr(begin, end - begin);
    const auto found = columns.find(part.substr(0, part.find('=')));
    if (part.find('=') == std::string::npos || found == columns.end()) {
      throw UserError(fmt::format("--plot: {}, allowed: x=COLUMN,y=COLUMN or x=COLUMN,y=COLUMN,color=COLUMN", text));
    }
    found->second = part.substr(part.find('=') + 1);
    begin = end + 1;
  }
  return sweep_plot_svg(results.front ? *results.candidates : *results.sweep, columns["x"], columns["y"], columns["color"]) +
         '\n';
}

std::string page_of(const FolderResults& results, const std::string& folder) {
  if (results.front) return search_page(*results.candidates, *results.front, "Search for networks", test_of(results));
  if (results.sweep) return sweep_page(*results.sweep, read_sweep_record(folder).name);
  if (!results.run) return accuracy_page(*results.accuracy);
  return report_page(*results.run, results.accuracy ? accuracy_section(*results.accuracy) : "");
}

ExitCode report_command(const ReportRequest& request, Console& console) {
  const FolderResults results = load_results(request.folder);
  std::string content;
  std::string file(kReportFile);
  if (!request.plot.empty()) {
    content = plot_of(results, request.plot);
    file = "plot.svg";
  } else if (!request.svg.empty()) {
    content = figure_named(results, request.svg);
    file = request.svg + ".svg";
  } else {
    content = page_of(results, request.folder);
  }
  const std::string path = request.out.empty() ? path_in(request.folder, file) : request.out;
  write_file_atomically(path, content);
  console.print(fmt::format("wrote {}\n", path));
  console.print_json(Json::Object{{"file", path}, {"bytes", static_cast<std::int64_t>(content.size())}});
  return ExitCode::kDone;
}

}  // namespace

Action define_report(CLI::App& app) {
  auto request = std::make_shared<ReportRequest>();
  app.add_option("DIR", request->folder, "the folder that compile, run, accuracy, sweep or nas search wrote")
      ->required()
      ->type_name("");
  auto* svg =
      app.add_option("--svg", request->svg,
                     fmt::format("write one figure instead of the page: {};\nof accuracy: accuracy, layer_noise, layer_loss",
                                 fmt::join(kRunFigureNames, ", ")))
          ->type_name("NAME");
  app.add_option("--plot", request->plot, "write the points of a sweep, or candidates of a search, by any columns of its table")
      ->type_name("x=..,y=..[,color=..]")
      ->excludes(svg);
  app.add_option("--out", request->out, "file to write (default: report.html, NAME.svg or plot.svg in DIR)")->type_name("FILE");
  app.footer(
      "Reads tilemap.json and, when they are there, metrics.json and accuracy.json of DIR; or accuracy.json alone;\n"
      "or results.csv of a sweep: fronts, effects of each axis, best values and a table to filter; or candidates.csv and\n"
      "front.csv of a search.");
  return [request](Console& console) { return report_command(*request, console); };
}

}  // namespace crossloom
