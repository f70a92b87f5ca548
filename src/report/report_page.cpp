#include "report/report_page.h"

#include <fmt/format.h>

#include <set>

#include "report/chip_view.h"
#include "report/crossbar_data.h"
#include "report/layer_table.h"
#include "report/markup.h"
#include "report/page_assets.h"
#include "report/quantity.h"

namespace crossloom {
namespace {

struct Line {
  std::string name;
  std::string value;
  std::string field;
};

std::vector<Line> headline(const RunResults& results) {
  const TileMap& map = results.tile_map;
  std::vector<Line> lines = {
      {"crossbars used", count_text(static_cast<std::int64_t>(map.crossbars.size())), "num_crossbars_used"},
      {"crossbar lower bound", count_text(map.crossbar_lower_bound), "crossbar_lower_bound"},
      {"crossbar gap", count_text(static_cast<std::int64_t>(map.crossbars.size()) - map.crossbar_lower_bound),
       "used - lower bound"},
      {"crossbar budget", count_text(map.crossbar_budget), "crossbar_budget"},
      {"seed", fmt::format("{}", map.seed), "seed"}};
  if (!results.metrics) return lines;
  const RunMetrics& metrics = *results.metrics;
  const auto gap = [](double value, double bound) {
    return bound > 0 ? fraction_text(value / bound - 1) : std::string("no bound");
  };
  const std::vector<Line> simulated = {
      {"latency", time_text(metrics.latency_ns), "latency_ns"},
      {"critical path", time_text(metrics.bounds.critical_path_ns), "bounds.critical_path_ns"},
      {"latency gap", gap(metrics.latency_ns, metrics.bounds.critical_path_ns), "latency / critical path - 1"},
      {"makespan", time_text(metrics.makespan_ns), "makespan_ns"},
      {"makespan gap", gap(metrics.makespan_ns, metrics.bounds.busiest_resource_ns), "makespan / busiest resource - 1"},
      {"throughput", rate_text(metrics.throughput_inferences_per_s), "throughput_inferences_per_s"},
      {"energy an image", energy_text(metrics.energy_per_inference_pj), "energy_per_inference_pj"},
      {"chip area", area_text(metrics.area_um2.total), "area_um2.total"},
      {"cell utilization", fraction_text(metrics.cell_utilization_fraction), "cell_utilization_fraction"},
      {"time utilization", fraction_text(metrics.time_utilization_fraction), "time_utilization_fraction"},
      {"bottleneck", metrics.bottleneck, "bottleneck"}};
  lines.insert(lines.begin(), simulated.begin(), simulated.end());
  return lines;
}

void write_headline(Markup& page, const RunResults& results) {
  page.open("div", {{"class", "scroll"}}).open("table", {{"id", "headline"}}).open("tbody");
  for (const Line& line : headline(results)) {
    page.open("tr").element("td", {}, line.name).element("td", {}, line.value);
    page.open("td").element("code", {}, line.field).close().close();
  }
  page.close().close().close();
}

void write_option(Markup& page, const std::string& value, const std::string& name) {
  page.element("option", {{"value", value}}, name);
}

void write_controls(Markup& page, const TileMap& map) {
  page.open("p", {{"class", "controls"}});
  page.open("label").text("layer ").open("select", {{"id", "layer"}});
  write_option(page, "", "all");
  for (std::size_t i = 0; i < map.matrices.size(); ++i) write_option(page, fmt::format("{}", i), map.matrices[i].layer);
  page.close().close().text(" ");
  page.open("label").text("tile ").open("select", {{"id", "tile"}});
  write_option(page, "", "all");
  std::set<std::int64_t> tiles;
  for (const CrossbarContents& contents : map.crossbars) tiles.insert(contents.tile);
  for (const std::int64_t tile : tiles) write_option(page, fmt::format("{}", tile), fmt::format("{}", tile));
  page.close().close().text(" ");
  page.element("button", {{"id", "all"}, {"type", "button"}}, "show all").close();
}

void write_figures(Markup& page, const RunResults& results) {
  for (const NamedFigure& figure : run_figures(results)) {
    page.element("h2", {}, figure.name);
    if (figure.name == "crossbars") write_controls(page, results.tile_map);
    page.open("figure", {{"id", figure.name}}).open("div", {{"class", "scroll"}}).embed(figure.svg).close();
    page.element("figcaption", {}, figure.caption).close();
  }
}

}  // namespace

std::string report_page(const RunResults& results, std::string_view further_section) {
  const std::string title = results.tile_map.network + " on " + results.tile_map.chip.name;
  Markup page;
  open_page_head(page, title);
  page.open("style", {{"id", "filter"}}).close().close();
  page.open("body").element("h1", {}, title);
  write_headline(page, results);
  write_figures(page, results);
  if (results.metrics) page.element("h2", {}, "layers").embed(layer_table_html(*results.metrics));
  if (!further_section.empty()) page.embed(further_section);
  page.element("h2", {}, "chip as simulated").element("pre", {}, chip_text(results.tile_map.chip));
  page.element("div", {{"id", "tip"}, {"role", "tooltip"}}, " ");
  page.open("script", {{"id", "blocks"}, {"type", "application/json"}}).embed(crossbar_data(results.tile_map)).close();
  page.open("script").embed(page_script()).close().close().close();
  return "<!DOCTYPE html>\n" + page.str() + '\n';
}

}  // namespace crossloom
