#pragma once

#include <string>

namespace crossloom {

/// Every key of a chip as Markdown: one heading a section, below it a table of key, unit, allowed values and meaning, made from
/// the records of chip_fields.h. docs/chips.md contains this text.
[[nodiscard]] std::string describe_chip_fields();

}  // namespace crossloom
