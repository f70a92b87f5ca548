#pragma once

#include <string_view>

namespace crossloom {

/// Filters the rows of the results by what their cells hold or, for numbers, by bounds such as `<= 64`, and sorts them. Has no
/// character that XML reserves.
[[nodiscard]] std::string_view sweep_page_script();

}  // namespace crossloom
