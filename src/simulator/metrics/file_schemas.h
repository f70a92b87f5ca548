#pragma once

#include <string>

/// JSON Schemas (draft 2020-12) of the output files, generated from the fields of their structs; docs/schema holds the same
/// text.
namespace crossloom {

[[nodiscard]] std::string tile_map_schema();
[[nodiscard]] std::string program_schema();
[[nodiscard]] std::string metrics_schema();
[[nodiscard]] std::string estimate_schema();
[[nodiscard]] std::string activity_schema();

}  // namespace crossloom
