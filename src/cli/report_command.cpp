#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/run_results.h"
#include "report/report_page.h"
#include "support/atomic_file.h"
#include "support/error.h"

namespace crossloom {
namespace {

struct ReportRequest {
  std::string folder;
  std::string svg;
  std::string out;
};

/// The SVG of the figure of this name; UserError with the names there are.
std::string figure_named(const RunResults& results, const std::string& name) {
  const std::vector<NamedFigure> figures = run_figures(results);
  const auto found =
      std::find_if(figures.begin(), figures.end(), [&](const NamedFigure& figure) { return figure.name == name; });
  if (found != figures.end()) return found->svg + '\n';
  std::string names;
  for (const NamedFigure& figure : figures) names += (names.empty() ? "" : ", ") + figure.name;
  throw UserError(fmt::format("--svg: {} is not one of {}{}", name, names,
                              results.metrics ? "" : " (others need metrics.json: run crossloom simulate)"));
}

ExitCode report_command(const ReportRequest& request, Console& console) {
  const RunResults results = load_run_results(request.folder);
  const bool is_page = request.svg.empty();
  const std::string content = is_page ? report_page(results) : figure_named(results, request.svg);
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
  app.add_option("DIR", request->folder, "the folder that compile or run wrote")->required()->type_name("");
  app.add_option("--svg", request->svg,
                 fmt::format("write one figure instead of the page: {}", fmt::join(kRunFigureNames, ", ")))
      ->type_name("NAME");
  app.add_option("--out", request->out, "file to write (default: report.html or NAME.svg in DIR)")->type_name("FILE");
  app.footer("Reads tilemap.json and, when it is there, metrics.json of DIR.");
  return [request](Console& console) { return report_command(*request, console); };
}

}  // namespace crossloom
