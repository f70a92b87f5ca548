#include "support/csv.h"

namespace crossloom {

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char character : text) {
    if (character == '"') quoted += '"';
    quoted += character;
  }
  return quoted + '"';
}

std::optional<std::vector<std::string>> csv_cells(std::string_view line) {
  std::vector<std::string> cells(1);
  bool is_quoted = false;
  bool was_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char character = line[i];
    if (is_quoted) {
      if (character != '"') {
        cells.back() += character;
      } else if (line.substr(i + 1).starts_with('"')) {
        cells.back() += line[++i];
      } else {
        is_quoted = false;
        was_quoted = true;
      }
    } else if (character == ',') {
      cells.emplace_back();
      was_quoted = false;
    } else if (was_quoted) {
      return std::nullopt;
    } else if (character == '"' && cells.back().empty()) {
      is_quoted = true;
    } else {
      cells.back() += character;
    }
  }
  if (is_quoted) return std::nullopt;
  return cells;
}

}  // namespace crossloom
