#include "sweep/results_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "support/config_reader.h"
#include "support/csv.h"
#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {

ResultsTable::ResultsTable(std::string_view text, const std::string& source_name) {
  std::size_t line_number = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    ++line_number;
    std::optional<std::vector<std::string>> cells = csv_cells(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (!cells) throw UserError(fmt::format("{}:{}: a quote is not closed", source_name, line_number));
    if (columns_.empty()) {
      columns_ = *std::move(cells);
      continue;
    }
    if (cells->size() != columns_.size()) {
      throw UserError(fmt::format("{}:{}: has {} cells, allowed {}", source_name, line_number, cells->size(), columns_.size()));
    }
    rows_.push_back(*std::move(cells));
  }
  if (columns_.empty()) throw UserError(source_name + ": has no header line");
}

std::optional<double> ResultsTable::number(std::size_t row, std::size_t column) const {
  return parse_number(cell(row, column));
}

std::size_t ResultsTable::column(std::string_view name) const {
  const auto found = std::ranges::find(columns_, name);
  if (found != columns_.end()) return static_cast<std::size_t>(found - columns_.begin());
  const std::vector<std::string_view> names(columns_.begin(), columns_.end());
  const std::string meant = did_you_mean(name, names);
  throw UserError(fmt::format("{} is no column{}, allowed: {}", name, meant.empty() ? "" : " (did you mean " + meant + "?)",
                              fmt::join(columns_, ", ")));
}

ResultsTable ResultsTable::with_columns(std::span<const std::size_t> columns) const {
  ResultsTable result;
  for (const std::size_t column : columns) result.columns_.push_back(columns_.at(column));
  for (const std::vector<std::string>& row : rows_) {
    std::vector<std::string>& cells = result.rows_.emplace_back();
    for (const std::size_t column : columns) cells.push_back(row.at(column));
  }
  return result;
}

std::vector<std::size_t> ResultsTable::axes() const {
  std::vector<std::size_t> columns;
  for (std::size_t i = column("hash") + 1; i < column("status"); ++i) columns.push_back(i);
  return columns;
}

std::vector<std::string> ResultsTable::values(std::size_t column) const {
  std::vector<std::string> values;
  for (std::size_t row = 0; row < num_rows(); ++row) {
    if (std::ranges::find(values, cell(row, column)) == values.end()) values.push_back(cell(row, column));
  }
  return values;
}

}  // namespace crossloom
