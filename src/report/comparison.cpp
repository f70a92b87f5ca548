#include "report/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/quantity.h"
#include "report/text_table.h"
#include "simulator/metrics/metrics_fields.h"

namespace crossloom {
namespace {

using Align = TextTable::Align;
using QuantityText = std::string (*)(double);

/// Lines of one explanation in a text.
constexpr std::size_t kMaxLines = 6;

struct HeadlineFigure {
  std::string_view name;
  double (*value)(const RunMetrics&);
  QuantityText text;
};

std::string decimal_text(double value) { return fmt::format("{:.4g}", value); }
std::string whole_text(double value) { return count_text(static_cast<std::int64_t>(value)); }

constexpr std::array<HeadlineFigure, 15> kHeadline = {{
    {"batch", [](const RunMetrics& m) { return static_cast<double>(m.batch); }, whole_text},
    {"latency_ns", [](const RunMetrics& m) { return m.latency_ns; }, time_text},
    {"bounds.critical_path_ns", [](const RunMetrics& m) { return m.bounds.critical_path_ns; }, time_text},
    {"makespan_ns", [](const RunMetrics& m) { return m.makespan_ns; }, time_text},
    {"bounds.busiest_resource_ns", [](const RunMetrics& m) { return m.bounds.busiest_resource_ns; }, time_text},
    {"throughput_inferences_per_s", [](const RunMetrics& m) { return m.throughput_inferences_per_s; }, rate_text},
    {"energy_per_inference_pj", [](const RunMetrics& m) { return m.energy_per_inference_pj; }, energy_text},
    {"power_mw", [](const RunMetrics& m) { return m.power_mw; }, power_text},
    {"area_um2.total", [](const RunMetrics& m) { return m.area_um2.total; }, area_text},
    {"tops", [](const RunMetrics& m) { return m.tops; }, decimal_text},
    {"tops_per_w", [](const RunMetrics& m) { return m.tops_per_w; }, decimal_text},
    {"num_crossbars_used", [](const RunMetrics& m) { return static_cast<double>(m.num_crossbars_used); }, whole_text},
    {"crossbar_lower_bound", [](const RunMetrics& m) { return static_cast<double>(m.crossbar_lower_bound); }, whole_text},
    {"cell_utilization_fraction", [](const RunMetrics& m) { return m.cell_utilization_fraction; }, fraction_text},
    {"time_utilization_fraction", [](const RunMetrics& m) { return m.time_utilization_fraction; }, fraction_text},
}};

/// Notes a figure of the first (0) or the other (1) run under its name.
void note(std::vector<Difference>& differences, std::string_view name, double value, bool is_first) {
  auto found = std::find_if(differences.begin(), differences.end(), [name](const Difference& d) { return d.name == name; });
  if (found == differences.end()) found = differences.insert(found, {.name = std::string(name)});
  (is_first ? found->first : found->other) += value;
}

std::vector<Difference> largest_change_first(std::vector<Difference> differences) {
  std::erase_if(differences, [](const Difference& d) { return d.first == 0.0 && d.other == 0.0; });
  std::stable_sort(differences.begin(), differences.end(),
                   [](const Difference& a, const Difference& b) { return std::abs(a.change()) > std::abs(b.change()); });
  return differences;
}

/// Members of a section of figures, each divided by its run's divisor.
template <class Section>
std::vector<Difference> section_differences(const Section& first, double first_divisor, const Section& other,
                                            double other_divisor) {
  std::vector<Difference> differences;
  const auto note_all = [&differences](const Section& section, double divisor, bool is_first) {
    visit_fields(section, [&](const Field& field, double value) {
      if (field.name != "total") note(differences, field.name, value / divisor, is_first);
    });
  };
  note_all(first, first_divisor, true);
  note_all(other, other_divisor, false);
  return largest_change_first(std::move(differences));
}

std::string signed_text(double change, QuantityText text) { return (change < 0 ? "-" : "+") + text(std::abs(change)); }

std::string explanation_table(std::string_view title, const std::vector<Difference>& differences, QuantityText text) {
  TextTable table({{std::string(title), Align::kLeft}, {"first"}, {"other"}, {"change"}});
  for (std::size_t i = 0; i < std::min(kMaxLines, differences.size()); ++i) {
    const Difference& difference = differences[i];
    table.add_row(
        {"  " + difference.name, text(difference.first), text(difference.other), signed_text(difference.change(), text)});
  }
  return table.text(2);
}

std::string explanation_text(const ComparedRun& first, const ComparedRun& other) {
  const Explanation explanation = explain(first.metrics, other.metrics);
  return fmt::format("\n{} against {}, a mean image\n  bottleneck: {} -> {}\n{}{}{}{}", other.name, first.name,
                     first.metrics.bottleneck, other.metrics.bottleneck,
                     explanation_table("busiest resource of each kind, taken", explanation.busy_ns, time_text),
                     explanation_table("waiting, by cause (stalls_ns)", explanation.stalls_ns, time_text),
                     explanation_table("energy (energy_pj)", explanation.energy_pj, energy_text),
                     explanation_table("area of the chip (area_um2)", explanation.area_um2, area_text));
}

Json differences_json(const std::vector<Difference>& differences) {
  Json::Array lines;
  for (const Difference& difference : differences) {
    lines.emplace_back(Json::Object{
        {"name", difference.name}, {"first", difference.first}, {"other", difference.other}, {"change", difference.change()}});
  }
  return lines;
}

}  // namespace

Explanation explain(const RunMetrics& first, const RunMetrics& other) {
  const auto first_batch = static_cast<double>(first.batch);
  const auto other_batch = static_cast<double>(other.batch);
  std::vector<Difference> busy;
  for (const ResourceMetrics& resource : first.resources) note(busy, resource.kind, resource.busy_ns / first_batch, true);
  for (const ResourceMetrics& resource : other.resources) note(busy, resource.kind, resource.busy_ns / other_batch, false);
  return {.busy_ns = largest_change_first(std::move(busy)),
          .stalls_ns = section_differences(first.stalls_ns, first_batch, other.stalls_ns, other_batch),
          .energy_pj = section_differences(first.energy_pj, first_batch, other.energy_pj, other_batch),
          .area_um2 = section_differences(first.area_um2, 1.0, other.area_um2, 1.0)};
}

std::vector<ComparedFigure> compared_figures(const std::vector<ComparedRun>& runs) {
  std::vector<ComparedFigure> figures;
  for (const HeadlineFigure& headline : kHeadline) {
    ComparedFigure& figure = figures.emplace_back(ComparedFigure{.name = std::string(headline.name), .values = {}});
    for (const ComparedRun& run : runs) figure.values.push_back(headline.value(run.metrics));
  }
  return figures;
}

std::vector<std::vector<std::string>> comparison_rows(const std::vector<ComparedRun>& runs) {
  std::vector<std::vector<std::string>> rows;
  for (const HeadlineFigure& headline : kHeadline) {
    std::vector<std::string>& row = rows.emplace_back(std::vector<std::string>{std::string(headline.name)});
    const double first = headline.value(runs.front().metrics);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const double value = headline.value(runs[i].metrics);
      row.push_back(headline.text(value));
      if (i > 0) row.push_back(first > 0 ? fmt::format("x {:.3f}", value / first) : "-");
    }
  }
  return rows;
}

std::string comparison_text(const std::vector<ComparedRun>& runs) {
  std::vector<TextTable::Column> columns = {{"", Align::kLeft}};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    columns.push_back({runs[i].name});
    if (i > 0) columns.push_back({""});
  }
  TextTable table(std::move(columns));
  for (std::vector<std::string>& row : comparison_rows(runs)) table.add_row(std::move(row));
  std::string text = table.text();
  for (std::size_t i = 1; i < runs.size(); ++i) text += explanation_text(runs.front(), runs[i]);
  return text;
}

Json comparison_json(const std::vector<ComparedRun>& runs) {
  Json::Array names;
  for (const ComparedRun& run : runs) {
    names.emplace_back(Json::Object{{"name", run.name},
                                    {"network", run.metrics.network},
                                    {"chip", run.metrics.chip},
                                    {"bottleneck", run.metrics.bottleneck}});
  }
  Json::Object figures;
  for (const ComparedFigure& figure : compared_figures(runs)) {
    figures.emplace_back(figure.name, Json::Array(figure.values.begin(), figure.values.end()));
  }
  Json::Array differences;
  for (std::size_t i = 1; i < runs.size(); ++i) {
    const Explanation explanation = explain(runs.front().metrics, runs[i].metrics);
    differences.emplace_back(Json::Object{{"run", runs[i].name},
                                          {"busy_ns", differences_json(explanation.busy_ns)},
                                          {"stalls_ns", differences_json(explanation.stalls_ns)},
                                          {"energy_pj", differences_json(explanation.energy_pj)},
                                          {"area_um2", differences_json(explanation.area_um2)}});
  }
  return Json::Object{{"runs", std::move(names)}, {"figures", std::move(figures)}, {"differences", std::move(differences)}};
}

}  // namespace crossloom
