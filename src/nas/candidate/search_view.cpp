#include "nas/candidate/search_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "nas/candidate/search_results.h"
#include "report/markup.h"
#include "report/page_assets.h"
#include "sweep/table_view.h"

namespace crossloom {
namespace {

constexpr std::string_view kScored = "scored_";

/// Columns of the objectives.
std::vector<std::size_t> objectives_of(const ResultsTable& table) {
  std::vector<std::size_t> columns;
  for (std::size_t column = 0; column < table.columns().size(); ++column) {
    if (table.columns()[column].starts_with(kScored)) columns.push_back(column);
  }
  return columns;
}

std::string figure_of(const ResultsTable& table, std::size_t objective) {
  return table.columns()[objective].substr(kScored.size());
}

/// Whether a candidate broke no constraint and could be evaluated.
bool is_feasible(const ResultsTable& table, std::size_t row) {
  for (std::size_t column = 0; column < table.columns().size(); ++column) {
    if (!table.columns()[column].starts_with("violation_")) continue;
    const std::optional<double> violation = table.number(row, column);
    if (!violation || *violation > 0.0) return false;
  }
  return true;
}

std::string pair_svg(const ResultsTable& candidates, const std::set<std::string>& front, std::size_t x, std::size_t y) {
  std::vector<PointGroup> groups = {{"breaks a limit", {}}, {"beaten", {}}, {"front", {}}};
  for (std::size_t row = 0; row < candidates.num_rows(); ++row) {
    const bool is_best = front.contains(candidates.cell(row, candidates.column("candidate")));
    groups[is_best ? 2 : is_feasible(candidates, row) ? 1 : 0].rows.push_back(row);
  }
  std::erase_if(groups, [](const PointGroup& group) { return group.rows.empty(); });
  return points_svg(candidates, x, y, groups);
}

constexpr std::string_view kSpeed = "speedup_over_baseline";

/// Speed and accuracy on the test images of the front and of the baseline; nothing when either is not known.
std::optional<NamedFigure> test_figure(const ResultsTable& front, const ResultsTable& test) {
  if (std::ranges::find(front.columns(), kSpeed) == front.columns().end()) return std::nullopt;
  std::map<std::string, double> speeds = {{std::string(kTestedBaseline), 1.0}};
  for (std::size_t row = 0; row < front.num_rows(); ++row) {
    const std::optional<double> speed = front.number(row, front.column(kSpeed));
    if (speed) speeds[front.cell(row, front.column("candidate"))] = *speed;
  }
  Curve inherited{.name = "inherited weights", .x = {}, .y = {}};
  Curve retrained{.name = "retrained", .x = {}, .y = {}};
  Curve baseline{.name = "baseline", .x = {}, .y = {}};
  const auto add = [&test](Curve& curve, double speed, std::size_t row, std::string_view column) {
    const std::optional<double> accuracy = test.number(row, test.column(column));
    if (!accuracy) return;
    curve.x.push_back(speed);
    curve.y.push_back(*accuracy);
  };
  for (std::size_t row = 0; row < test.num_rows(); ++row) {
    const std::string& name = test.cell(row, test.column("candidate"));
    const auto speed = speeds.find(name);
    if (speed == speeds.end()) continue;
    add(inherited, speed->second, row, kInheritedColumn);
    add(name == kTestedBaseline ? baseline : retrained, speed->second, row, kRetrainedColumn);
  }
  LineChart chart{.title = "accuracy on the test images and speed over the baseline",
                  .x_axis = {.name = "speed over the baseline", .unit = "x"},
                  .y_axis = {.name = "accuracy on the test images"},
                  .curves = {},
                  .style = CurveStyle::kPoints};
  for (Curve* curve : {&inherited, &retrained, &baseline}) {
    if (!curve->x.empty()) chart.curves.push_back(std::move(*curve));
  }
  if (chart.curves.empty()) return std::nullopt;
  return NamedFigure{"test_accuracy", "The front on the test images, and the baseline where its trained network was given.",
                     line_chart_svg(chart)};
}

/// The columns of a front with its genes, which stand between the number and the scores, at the end.
std::vector<std::size_t> genes_last(const ResultsTable& front) {
  std::vector<std::size_t> columns;
  for (std::size_t column = 0; column < front.columns().size(); ++column) columns.push_back(column);
  const auto is_score = [&front](std::size_t column) { return front.columns()[column].starts_with(kScored); };
  std::rotate(columns.begin() + 1, std::ranges::find_if(columns, is_score), columns.end());
  return columns;
}

}  // namespace

std::vector<NamedFigure> search_figures(const ResultsTable& candidates, const ResultsTable& front, const ResultsTable* test) {
  const std::vector<std::string> names = front.values(front.column("candidate"));
  const std::set<std::string> members(names.begin(), names.end());
  std::vector<NamedFigure> figures;
  const std::vector<std::size_t> objectives = objectives_of(candidates);
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    for (std::size_t j = i + 1; j < objectives.size(); ++j) {
      const std::string name = fmt::format("{}_{}", figure_of(candidates, objectives[i]), figure_of(candidates, objectives[j]));
      figures.push_back({"objectives_" + name, "Every candidate that has both figures, as the search scored it.",
                         pair_svg(candidates, members, objectives[j], objectives[i])});
    }
  }
  if (front.num_rows() == 0) return figures;
  std::optional<NamedFigure> tested;
  if (test != nullptr) tested = test_figure(front, *test);
  if (tested) figures.insert(figures.begin(), std::move(*tested));
  std::vector<std::size_t> rows(front.num_rows());
  for (std::size_t row = 0; row < rows.size(); ++row) rows[row] = row;
  for (const std::size_t objective : objectives_of(front)) {
    const auto simulated = std::ranges::find(front.columns(), figure_of(front, objective));
    if (simulated == front.columns().end()) continue;
    const auto column = static_cast<std::size_t>(simulated - front.columns().begin());
    const bool is_new =
        std::ranges::any_of(rows, [&](std::size_t row) { return front.number(row, objective) != front.number(row, column); });
    if (!is_new) continue;  // known exactly without a simulation, as bytes of weights are
    figures.push_back({"simulated_" + *simulated, "The front as the search scored it and as it was scored at the end.",
                       points_svg(front, objective, column, {{.name = "front", .rows = rows}})});
  }
  return figures;
}

std::string search_page(const ResultsTable& candidates, const ResultsTable& front, const std::string& title,
                        const ResultsTable* test) {
  Markup page;
  open_page_head(page, title);
  page.close().open("body").element("h1", {}, title);
  page.element("p", {}, fmt::format("{} candidates, {} in the front.", candidates.num_rows(), front.num_rows()));
  for (const NamedFigure& figure : search_figures(candidates, front, test)) {
    page.element("h2", {}, figure.name).open("figure").open("div", {{"class", "scroll"}}).embed(figure.svg).close();
    page.element("figcaption", {}, figure.caption).close();
  }
  add_results_table(page, front.with_columns(genes_last(front)), "front");
  if (test != nullptr) add_results_table(page, *test, "test");
  page.close().close();
  return "<!DOCTYPE html>\n" + page.str() + '\n';
}

}  // namespace crossloom
