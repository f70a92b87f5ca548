#include "report/text_table.h"

#include <algorithm>
#include <utility>

#include "support/error.h"

namespace crossloom {
namespace {

/// Characters of UTF-8 text: bytes that do not continue one.
std::size_t num_characters(std::string_view text) {
  constexpr unsigned kKindMask = 0xC0;
  constexpr unsigned kContinuation = 0x80;
  const auto begins_character = [](char byte) { return (static_cast<unsigned char>(byte) & kKindMask) != kContinuation; };
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

}  // namespace

void TextTable::add_row(std::vector<std::string> cells) {
  if (cells.size() != columns_.size()) throw InternalError("a row of a table has another number of cells than columns");
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> TextTable::widths() const {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    std::size_t width = num_characters(columns_[column].title);
    for (const auto& row : rows_) width = std::max(width, num_characters(row[column]));
    widths.push_back(width);
  }
  return widths;
}

std::string TextTable::text(std::size_t indent) const {
  const std::vector<std::size_t> column_widths = widths();
  std::string text;
  const auto add_line = [&](const auto& cell_of_column) {
    std::string line(indent, ' ');
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      const std::string& cell = cell_of_column(column);
      const std::string padding(column_widths[column] - num_characters(cell), ' ');
      if (column > 0) line += "  ";
      line += columns_[column].align == Align::kLeft ? cell + padding : padding + cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  };
  const bool has_titles = std::ranges::any_of(columns_, [](const Column& column) { return !column.title.empty(); });
  if (has_titles) add_line([&](std::size_t column) -> const std::string& { return columns_[column].title; });
  for (const auto& row : rows_) add_line([&](std::size_t column) -> const std::string& { return row[column]; });
  return text;
}

}  // namespace crossloom
