#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossloom {

/// A text as a field of a CSV table: in quotes, with quotes doubled, when it holds a comma, a quote or a line break (RFC 4180).
[[nodiscard]] std::string csv_field(std::string_view text);

/// The fields of one line of a CSV table without line breaks inside quotes. Nothing when a quote is not closed, or when text
/// follows a closing one.
[[nodiscard]] std::optional<std::vector<std::string>> csv_cells(std::string_view line);

}  // namespace crossloom
