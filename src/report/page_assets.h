#pragma once

#include <string_view>

#include "report/markup.h"

/// What pages are made of: their head, style and script. Neither of the latter holds a character that XML reserves: the page is
/// read as HTML and as XML alike.
namespace crossloom {

[[nodiscard]] std::string_view page_css();

/// Opens html and head of a page that is XML and asks for nothing from outside, with title and style; the head stays open.
void open_page_head(Markup& page, std::string_view title);

/// Filters and hover texts of the crossbars, and sorting of tables. Filtering by layer replaces one style sheet and filtering
/// by tile moves one box, so that neither costs script work a crossbar.
[[nodiscard]] std::string_view page_script();

}  // namespace crossloom
