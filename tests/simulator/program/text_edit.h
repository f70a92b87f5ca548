#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

namespace crossloom {

/// The text with the first `from` at or behind the first `anchor` replaced by `to`, as a hand edit would.
[[nodiscard]] inline std::string edited(std::string text, std::string_view anchor, std::string_view from, std::string_view to) {
  const std::size_t begin = text.find(from, text.find(anchor));
  if (begin == std::string::npos) throw std::logic_error("nothing to edit: " + std::string(from));
  return text.replace(begin, from.size(), to);
}

/// 1-based line of the first `needle` at or behind the first `anchor`.
[[nodiscard]] inline std::string line_of(std::string_view text, std::string_view anchor, std::string_view needle) {
  const std::size_t end = text.find(needle, text.find(anchor));
  if (end == std::string_view::npos) throw std::logic_error("not in the text: " + std::string(needle));
  return std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
}

}  // namespace crossloom
