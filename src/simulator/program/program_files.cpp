#include "simulator/program/program_files.h"

#include <algorithm>
#include <concepts>
#include <iterator>
#include <utility>

#include "simulator/hardware/validate_chip.h"
#include "simulator/program/file_fields.h"
#include "simulator/program/file_header.h"
#include "simulator/program/section_hashes.h"
#include "support/error.h"

namespace crossloom {
namespace {

constexpr std::string_view kTileMapSchema = "crossloom/tilemap";
constexpr std::string_view kProgramSchema = "crossloom/program";

/// What the hashes cover: the fields of the struct, and who wrote them.
template <class Content>
Json::Object hashed_sections(const Content& content, const FileHeader& header) {
  Json::Object sections = {{"crossloom_version", header.crossloom_version}};
  visit_fields(content, fields_detail::Writer{sections});
  return sections;
}

/// The members of `last` follow the hashes, which do not cover them.
template <class Content>
std::string to_json(const Content& content, std::string_view schema, Json::Object last = {}) {
  const FileHeader header = own_header(schema);
  Json::Object sections = hashed_sections(content, header);
  Json hashes = section_hashes(sections);
  Json::Object file{{"schema", header.schema}, {"schema_version", header.schema_version}};
  std::move(sections.begin(), sections.end(), std::back_inserter(file));
  file.emplace_back("section_hashes", std::move(hashes));
  std::move(last.begin(), last.end(), std::back_inserter(file));
  return Json(std::move(file)).dump() + '\n';
}

template <class Content>
LoadedFile<Content> load(std::string_view text, std::string_view source_name, std::string_view schema) {
  const Document document = parse_json(text, source_name);
  ConfigReader reader(document, std::string(source_name));
  const FileHeader header = read_header(reader, schema);
  reader.skip("section_hashes");
  std::string tile_map_hash;
  if constexpr (std::same_as<Content, PlacedProgram>) tile_map_hash = reader.text("tile_map_hash");
  LoadedFile<Content> file{.content = read_fields<Content>(reader), .edits = {}, .tile_map_hash = std::move(tile_map_hash)};
  const std::string problem = chip_problem(file.content.chip);
  if (!problem.empty()) reader.fail("chip", problem);
  file.edits = edited_sections(hashed_sections(file.content, header), reader, source_name);
  return file;
}

template <class Content>
Content untouched(LoadedFile<Content> file) {
  if (!file.edits.empty()) throw UserError(file.edits.front());
  return std::move(file.content);
}

}  // namespace

std::string tile_map_to_json(const TileMap& tile_map) { return to_json(tile_map, kTileMapSchema); }
std::string program_to_json(const PlacedProgram& program, std::string_view tile_map_json) {
  return to_json(program, kProgramSchema, {{"tile_map_hash", content_hash(tile_map_json)}});
}

LoadedFile<TileMap> load_tile_map(std::string_view text, std::string_view source_name) {
  return load<TileMap>(text, source_name, kTileMapSchema);
}
LoadedFile<PlacedProgram> load_program(std::string_view text, std::string_view source_name) {
  return load<PlacedProgram>(text, source_name, kProgramSchema);
}

TileMap tile_map_from_json(std::string_view text, std::string_view source_name) {
  return untouched(load_tile_map(text, source_name));
}
PlacedProgram program_from_json(std::string_view text, std::string_view source_name) {
  return untouched(load_program(text, source_name));
}

}  // namespace crossloom
