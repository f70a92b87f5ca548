#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/output_folder.h"
#include "report/comparison.h"
#include "report/comparison_figures.h"
#include "simulator/metrics/metrics_files.h"
#include "support/atomic_file.h"
#include "support/document.h"
#include "support/error.h"

namespace crossloom {
namespace {

struct CompareRequest {
  std::vector<std::string> folders;
  std::string svg;
  std::string out;
};

/// The folders' own names, or their paths when two are called the same.
std::vector<std::string> names_of(const std::vector<std::string>& folders) {
  std::vector<std::string> names;
  names.reserve(folders.size());
  for (const std::string& folder : folders) {
    names.push_back(std::filesystem::absolute(std::filesystem::path(folder) / "").parent_path().filename().string());
  }
  return std::set<std::string>(names.begin(), names.end()).size() == names.size() ? names : folders;
}

std::string figure_named(const std::vector<ComparedRun>& runs, const std::string& name) {
  std::string names;
  for (const NamedFigure& figure : comparison_figures(runs)) {
    if (figure.name == name) return figure.svg + '\n';
    names += (names.empty() ? "" : ", ") + figure.name;
  }
  throw UserError(fmt::format("--svg: {} is not one of {}", name, names));
}

ExitCode compare_command(const CompareRequest& request, Console& console) {
  const std::vector<std::string> names = names_of(request.folders);
  std::vector<ComparedRun> runs;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string path = path_in(request.folders[i], kMetricsFile);
    runs.push_back({.name = names[i], .metrics = metrics_from_json(read_text_file(path), path)});
  }
  const bool writes_file = !request.svg.empty() || !request.out.empty();
  const std::string path = request.out.empty() ? request.svg + ".svg" : request.out;
  if (writes_file) {
    write_file_atomically(path, request.svg.empty() ? comparison_page(runs) : figure_named(runs, request.svg));
  }
  console.print(comparison_text(runs));
  if (writes_file) console.print(fmt::format("\nwrote {}\n", path));
  console.print_json(comparison_json(runs));
  return ExitCode::kDone;
}

}  // namespace

Action define_compare(CLI::App& app) {
  auto request = std::make_shared<CompareRequest>();
  app.add_option("DIR", request->folders, "folders of simulated runs; all are compared with the first")
      ->required()
      ->expected(2, 64)
      ->type_name("");
  app.add_option("--svg", request->svg, "write one figure: time, busy, stalls, energy, area")->type_name("NAME");
  app.add_option("--out", request->out,
                 "file to write: the figure of --svg (default: NAME.svg), or a page with the table and all figures")
      ->type_name("FILE");
  app.footer("Reads metrics.json of each DIR. Times and energies of differences are those of a mean image.");
  return [request](Console& console) { return compare_command(*request, console); };
}

}  // namespace crossloom
