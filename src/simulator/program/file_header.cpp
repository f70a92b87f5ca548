#include "simulator/program/file_header.h"

#include <array>
#include <variant>

#include "support/version.h"

namespace crossloom {

FileHeader own_header(std::string_view schema) {
  return {.schema = std::string(schema), .crossloom_version = std::string(kVersion)};
}

std::string file_text(std::string_view schema, const Json& content) {
  Json file = write_fields(own_header(schema));
  for (const auto& [name, value] : std::get<Json::Object>(content.value())) file.set(name, value);
  return file.dump() + '\n';
}

FileHeader read_header(ConfigReader& reader, std::string_view schema) {
  static_cast<void>(reader.choice("schema", std::array{schema}));
  const std::int64_t version = reader.integer("schema_version", {kSchemaVersion, kSchemaVersion});
  return {.schema = std::string(schema), .schema_version = version, .crossloom_version = reader.text("crossloom_version")};
}

}  // namespace crossloom
