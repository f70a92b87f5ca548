#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crossloom {

/// The whole number a decimal text stands for, exactly: `128`, `1.28e9`, `1_000`, `-4`, `2.50e1`. Nothing when the text is not
/// a decimal number, not whole, or does not fit into 64 bits. Underscores stand between digits only.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);

/// The finite real number a decimal text stands for, correctly rounded. Nothing for any other text, NaN and infinities, and a
/// magnitude that a double cannot hold.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

/// The shortest text that reads back to the same double: 0.1, 1e+20, 3 for 3.0.
[[nodiscard]] std::string shortest_text(double value);

}  // namespace crossloom
