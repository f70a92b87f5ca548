#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossloom {

/// results.csv as text cells.
class ResultsTable {
 public:
  /// Throws UserError `source:line: ...`: no header, a row with another number of cells, a quote that is not closed. A last
  /// line without its end is left out: a sweep is still writing it.
  ResultsTable(std::string_view text, const std::string& source_name);

  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] std::size_t num_rows() const { return rows_.size(); }
  [[nodiscard]] const std::string& cell(std::size_t row, std::size_t column) const { return rows_[row][column]; }
  /// Number in the cell; nothing for an empty one or a text.
  [[nodiscard]] std::optional<double> number(std::size_t row, std::size_t column) const;
  /// Index of a column; UserError with the names there are, and the one that was meant.
  [[nodiscard]] std::size_t column(std::string_view name) const;

  /// The same rows with these columns in this order.
  [[nodiscard]] ResultsTable with_columns(std::span<const std::size_t> columns) const;

  /// Columns of the axes: those between `hash` and `status`.
  [[nodiscard]] std::vector<std::size_t> axes() const;
  /// Different cells of a column in the order in which they first stand.
  [[nodiscard]] std::vector<std::string> values(std::size_t column) const;

 private:
  ResultsTable() = default;

  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace crossloom
