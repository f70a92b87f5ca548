#include "report/report_page.h"

#include <fmt/format.h>

#include <set>

#include "report/chip_view.h"
#include "report/markup.h"
#include "report/plot_style.h"
#include "report/quantity.h"

namespace crossloom {
namespace {

constexpr std::string_view kPageCss =
    "*{box-sizing:border-box}body{margin:0 auto;max-width:1000px;padding:12px;background:var(--paper);color:var(--ink);"
    "font:15px/1.45 system-ui,sans-serif}h1{font-size:24px;overflow-wrap:anywhere}h2{font-size:18px;margin-top:32px}"
    ".scroll{overflow-x:auto}table{border-collapse:collapse}th,td{padding:3px 10px;text-align:right;white-space:nowrap;"
    "border-bottom:1px solid var(--faint)}th:first-child,td:first-child{text-align:left}th.sort{cursor:pointer;"
    "text-decoration:underline dotted}pre{font-size:12px;overflow-x:auto}select,button{font:inherit;color:var(--ink);"
    "background:var(--empty);border:1px solid var(--faint);border-radius:4px;padding:3px 8px;max-width:100%}"
    "figure{margin:0}figcaption{font-size:13px}"
    "@media print{.controls{display:none}figure{break-inside:avoid-page}.scroll{overflow:visible}"
    "svg.plot{max-width:100%;height:auto}}";

// The filter only replaces one style sheet, so that its cost does not grow with script work an element. No character that XML
// reserves: the page is read as HTML and as XML alike.
constexpr std::string_view kScript =
    "(function(){"
    "var layer=document.getElementById('layer'),tile=document.getElementById('tile'),css=document.getElementById('filter');"
    "function apply(){var t='';"
    "if(layer.value!=='')t+='#crossbars g rect.edge{opacity:.07}#crossbars g rect.g'+layer.value+'{opacity:1}';"
    "if(tile.value!=='')t+='#crossbars g.panel{display:none}#crossbars g.s'+tile.value+'{display:inline}';"
    "css.textContent=t;}"
    "layer.addEventListener('change',apply);tile.addEventListener('change',apply);"
    "document.getElementById('all').addEventListener('click',function(){layer.value='';tile.value='';apply();});"
    "document.querySelectorAll('th.sort').forEach(function(head){head.addEventListener('click',function(){"
    "var body=head.closest('table').tBodies[0],column=head.cellIndex,"
    "sign=head.getAttribute('aria-sort')==='descending'?1:-1;"
    "head.parentNode.querySelectorAll('th').forEach(function(other){other.removeAttribute('aria-sort');});"
    "head.setAttribute('aria-sort',sign===1?'ascending':'descending');"
    "Array.from(body.rows).sort(function(a,b){"
    "var x=a.cells[column].getAttribute('data-value'),y=b.cells[column].getAttribute('data-value');"
    "return sign*(column===0?x.localeCompare(y):Number(x)-Number(y));"
    "}).forEach(function(row){body.appendChild(row);});});});"
    "})();";

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
  page.open("div", {{"class", "scroll"}}).open("table").open("tbody");
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

void write_cell(Markup& page, double value, const std::string& text) {
  page.element("td", {{"data-value", fmt::format("{}", value)}}, text);
}

void write_count(Markup& page, std::int64_t count) { write_cell(page, static_cast<double>(count), count_text(count)); }

void write_layers(Markup& page, const RunMetrics& metrics) {
  page.element("h2", {}, "layers");
  page.open("div", {{"class", "scroll"}}).open("table", {{"id", "layers"}}).open("thead").open("tr");
  for (const std::string_view title : {"layer", "copies", "blocks", "windows", "activations", "starts", "ends",
                                       "crossbars busy", "waits for inputs", "waits for crossbars"}) {
    page.element("th", {{"class", "sort"}, {"scope", "col"}}, title);
  }
  page.close().close().open("tbody");
  for (const LayerMetrics& layer : metrics.layers) {
    page.open("tr").element("td", {{"data-value", layer.name}}, layer.name);
    for (const std::int64_t count : {layer.num_copies, layer.num_blocks, layer.num_windows, layer.num_activations}) {
      write_count(page, count);
    }
    for (const double ns :
         {layer.start_ns, layer.end_ns, layer.crossbar_busy_ns, layer.input_wait_ns, layer.crossbar_wait_ns}) {
      write_cell(page, ns, time_text(ns));
    }
    page.close();
  }
  page.close().close().close();
}

}  // namespace

std::string report_page(const RunResults& results) {
  const std::string title = results.tile_map.network + " on " + results.tile_map.chip.name;
  Markup page;
  page.open("html", {{"xmlns", "http://www.w3.org/1999/xhtml"}, {"lang", "en"}}).open("head");
  page.element("meta", {{"charset", "utf-8"}});
  page.element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  page.element("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  page.element("title", {}, title);
  page.open("style").embed(plot_css()).embed(kPageCss).close();
  page.open("style", {{"id", "filter"}}).close().close();
  page.open("body").element("h1", {}, title);
  write_headline(page, results);
  write_figures(page, results);
  if (results.metrics) write_layers(page, *results.metrics);
  page.element("h2", {}, "chip").element("pre", {}, chip_text(results.tile_map.chip));
  page.open("script").embed(kScript).close().close().close();
  return "<!DOCTYPE html>\n" + page.str() + '\n';
}

}  // namespace crossloom
