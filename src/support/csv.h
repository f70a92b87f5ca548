#pragma once

#include <string>
#include <string_view>

namespace crossloom {

/// A text as a field of a CSV table: in quotes, with quotes doubled, when it holds a comma, a quote or a line break (RFC 4180).
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace crossloom
