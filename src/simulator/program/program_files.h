#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simulator/program/placed_program.h"
#include "simulator/program/tile_map.h"

/// tilemap.json and program.json: `{"schema": "crossloom/tilemap", "schema_version": 1, "crossloom_version": ..., <the fields
/// of the struct>, "section_hashes": {...}}`. Every value is hashed, element by element of a list, so an edited file is refused
/// with the place that changed (section_hashes.h; JSON Schemas: docs/schema). The program's last member, `tile_map_hash`, is
/// the hash of the tilemap.json it was written with: where that is untouched, the two need not be compared again.
namespace crossloom {

/// The same data gives the same bytes; a newline ends the text.
[[nodiscard]] std::string tile_map_to_json(const TileMap& tile_map);
[[nodiscard]] std::string program_to_json(const PlacedProgram& program, std::string_view tile_map_json = "");

/// A file's content and where it differs from what was written: `source:line: crossbars[12]: does not match its hash: ...`.
template <class Content>
struct LoadedFile {
  Content content;
  std::vector<std::string> edits;  ///< empty for an untouched file; at most 20
  std::string tile_map_hash;       ///< of a program: content_hash of the tilemap.json written with it
};

/// Parse, check types and bounds of every field and that the chip's sections fit together. Throw UserError
/// `source:line: path: ...`. They do not check that the parts fit together: that is verify_tile_map and verify_program. For
/// `verify`, which reports what an edit broke before it reports that there was one.
[[nodiscard]] LoadedFile<TileMap> load_tile_map(std::string_view text, std::string_view source_name);
[[nodiscard]] LoadedFile<PlacedProgram> load_program(std::string_view text, std::string_view source_name);

/// The same, but an edit is a UserError too.
[[nodiscard]] TileMap tile_map_from_json(std::string_view text, std::string_view source_name);
[[nodiscard]] PlacedProgram program_from_json(std::string_view text, std::string_view source_name);

}  // namespace crossloom
