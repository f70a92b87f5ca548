#include "sweep/point_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "support/csv.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

std::string cell(double value) { return std::isnan(value) ? "" : shortest_text(value); }
std::string cell(PointStatus status) { return std::string(enum_names(status)[static_cast<std::size_t>(status)]); }
std::string cell(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  std::ranges::replace(text, '\r', ' ');
  return csv_field(text);
}

}  // namespace

std::string result_columns() {
  std::string columns;
  const PointResult any;
  visit_fields(any,
               [&columns](const Field& field, const auto&) { columns.append(columns.empty() ? "" : ",").append(field.name); });
  return columns;
}

std::string result_cells(const PointResult& result) {
  std::string cells;
  bool is_first = true;
  visit_fields(result, [&](const Field&, const auto& value) {
    if (!is_first) cells += ',';
    is_first = false;
    cells += cell(value);
  });
  return cells;
}

std::string describe_result_columns() {
  std::string text = "| column | meaning |\n|---|---|\n";
  const PointResult any;
  visit_fields(any,
               [&text](const Field& field, const auto&) { text += fmt::format("| `{}` | {} |\n", field.name, field.meaning); });
  return text;
}

}  // namespace crossloom
