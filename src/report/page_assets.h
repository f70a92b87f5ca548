#pragma once

#include <string_view>

/// Style and script of report.html. Neither holds a character that XML reserves: the page is read as HTML and as XML alike.
namespace crossloom {

[[nodiscard]] std::string_view page_css();

/// Filters and hover texts of the crossbars, and sorting of tables. Filtering by layer replaces one style sheet and filtering
/// by tile moves one box, so that neither costs script work a crossbar.
[[nodiscard]] std::string_view page_script();

}  // namespace crossloom
