#pragma once

#include <string>
#include <string_view>

#include "simulator/program/placed_program.h"
#include "simulator/program/tile_map.h"

/// tilemap.json and program.json: `{"schema": "crossloom/tilemap", "schema_version": 1, "crossloom_version": ..., <the fields
/// of the struct>, "section_hashes": {"chip": ..., "matrices": ..., ...}}`. Each top-level section is hashed as written, so an
/// edited file is refused with the name of the section that changed (JSON Schemas: docs/schema).
namespace crossloom {

[[nodiscard]] std::string tile_map_to_json(const TileMap& tile_map);
[[nodiscard]] std::string program_to_json(const PlacedProgram& program);

/// Parse, check types and bounds of every field, then the section hashes. Throw UserError `source:line: path: ...`. They do not
/// check that the parts fit together: that is verify_tile_map and verify_program.
[[nodiscard]] TileMap tile_map_from_json(std::string_view text, std::string_view source_name);
[[nodiscard]] PlacedProgram program_from_json(std::string_view text, std::string_view source_name);

}  // namespace crossloom
