#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crossloom {

/// A table for a terminal: columns as wide as their widest cell, two spaces between them, no spaces at the end of a line.
/// Widths count characters, so that names outside ASCII line up too.
class TextTable {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kRight;
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell a column. Throws InternalError for another number of cells.
  void add_row(std::vector<std::string> cells);

  /// Title line and rows, each line ended and indented by `indent` spaces. No title line when all titles are empty.
  [[nodiscard]] std::string text(std::size_t indent = 0) const;

 private:
  [[nodiscard]] std::vector<std::size_t> widths() const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace crossloom
