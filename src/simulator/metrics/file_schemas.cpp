#include "simulator/metrics/file_schemas.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulator/estimate/estimate_comparison.h"
#include "simulator/metrics/activity_statistics.h"
#include "simulator/metrics/metrics_fields.h"
#include "simulator/program/file_fields.h"
#include "simulator/program/file_header.h"
#include "simulator/program/file_schema.h"

namespace crossloom {
namespace {

Json hash_schema() { return Json::Object{{"type", "string"}, {"pattern", "^[0-9a-f]{16}$"}}; }

/// A hash a member of a section.
struct MemberHashes {
  Json::Object properties = {};
  std::vector<std::string_view> optional = {};
  template <class T>
  void operator()(const Field& member, const T&) {
    properties.emplace_back(std::string(member.name), hash_schema());
  }
  template <class T>
  void visit_optional(const Field& member, const std::optional<T>&) {
    properties.emplace_back(std::string(member.name), hash_schema());
    optional.push_back(member.name);
  }
};

/// Shape of the hashes (section_hashes.h): a list for a list, an object for a section, otherwise one hash.
struct HashSchemaWriter {
  Json::Object& properties;
  template <class T>
  void operator()(const Field& field, const T& value) const {
    Json schema = hash_schema();
    if constexpr (fields_detail::IsVector<T>::value) {
      schema = Json::Object{{"type", "array"}, {"items", hash_schema()}};
    } else if constexpr (fields_detail::Struct<const T>) {
      MemberHashes members;
      visit_fields(value, members);
      schema = object_schema(std::move(members.properties), members.optional);
    }
    properties.emplace_back(std::string(field.name), std::move(schema));
  }
};

template <class Content>
Json section_hashes_schema() {
  Json::Object properties = {{"crossloom_version", hash_schema()}};
  const Content content{};
  visit_fields(content, HashSchemaWriter{properties});
  return object_schema(std::move(properties));
}

}  // namespace

std::string file_schema(std::string_view schema_name, std::string_view title, Json::Object properties) {
  Json::Object schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"$id", schema_name}, {"title", title}};
  const Json body = object_schema(std::move(properties));
  for (const auto& member : std::get<Json::Object>(body.value())) schema.push_back(member);
  return Json(std::move(schema)).dump() + '\n';
}

std::string tile_map_schema() {
  Json::Object properties = file_properties<TileMap>("crossloom/tilemap");
  properties.emplace_back("section_hashes", section_hashes_schema<TileMap>());
  return file_schema("crossloom/tilemap", "tilemap.json: which weights lie in which crossbar", std::move(properties));
}

std::string program_schema() {
  Json::Object properties = file_properties<PlacedProgram>("crossloom/program");
  properties.emplace_back("section_hashes", section_hashes_schema<PlacedProgram>());
  properties.emplace_back("tile_map_hash",
                          Json::Object{{"description", "hash of the tilemap.json written with this file"}, {"type", "string"}});
  return file_schema("crossloom/program", "program.json: what the simulated machine runs", std::move(properties));
}

std::string metrics_schema() { return file_schema<RunMetrics>("crossloom/metrics", "metrics.json: what a simulation reports"); }

std::string activity_schema() {
  return file_schema<ActivityStatistics>("crossloom/activity",
                                         "mean bits and densities of inputs and weights, for simulate --activity");
}

std::string estimate_schema() {
  return file_schema<EstimateComparison>("crossloom/estimate",
                                         "what --estimate prints: the analytical estimate beside the simulation");
}

}  // namespace crossloom
