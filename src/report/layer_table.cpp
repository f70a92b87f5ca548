#include "report/layer_table.h"

#include <fmt/format.h>

#include "report/markup.h"
#include "report/quantity.h"
#include "simulator/metrics/metrics_fields.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

struct Cell {
  std::string column;
  std::string_view meaning;
  std::string_view kind = "number";  ///< of comparison: "number" or "text"
  std::string value;
  std::string text;
};

/// Walks a record, sections in it included, into cells.
struct CellVisitor {
  std::vector<Cell>& cells;
  std::string prefix = {};

  void operator()(const Field& field, const std::string& text) const { add(field, "text", text, text); }
  void operator()(const Field& field, std::int64_t count) const {
    add(field, "number", fmt::format("{}", count), count_text(count));
  }
  void operator()(const Field& field, double value) const {
    const bool is_time = field.name.ends_with("_ns") || prefix.ends_with("_ns.");
    add(field, "number", shortest_text(value), is_time ? time_text(value) : fmt::format("{:.4g}", value));
  }
  template <class Section>
  void operator()(const Field& field, const Section& section) const {
    visit_fields(section, CellVisitor{cells, fmt::format("{}{}.", prefix, field.name)});
  }

 private:
  void add(const Field& field, std::string_view kind, std::string value, std::string text) const {
    cells.push_back({.column = fmt::format("{}{}", prefix, field.name),
                     .meaning = field.meaning,
                     .kind = kind,
                     .value = std::move(value),
                     .text = std::move(text)});
  }
};

std::vector<Cell> cells_of(const LayerMetrics& layer) {
  std::vector<Cell> cells;
  visit_fields(layer, CellVisitor{cells});
  return cells;
}

}  // namespace

std::string layer_table_html(const RunMetrics& metrics) {
  Markup html;
  html.open("div", {{"class", "scroll"}}).open("table", {{"id", "layers"}}).open("thead").open("tr");
  for (const Cell& cell : cells_of({})) {
    html.open("th", {{"scope", "col"}, {"data-kind", std::string(cell.kind)}, {"title", std::string(cell.meaning)}});
    html.element("button", {{"type", "button"}}, cell.column).close();
  }
  html.close().close().open("tbody");
  for (const LayerMetrics& layer : metrics.layers) {
    html.open("tr");
    for (const Cell& cell : cells_of(layer)) {
      html.open("td", {{"data-value", cell.value}}).text(cell.text).close();
    }
    html.close();
  }
  html.close().close().close();
  return html.str();
}

}  // namespace crossloom
