#include "simulator/program/file_header.h"

#include <array>

#include "support/version.h"

namespace crossloom {

FileHeader own_header(std::string_view schema) {
  return {.schema = std::string(schema), .crossloom_version = std::string(kVersion)};
}

FileHeader read_header(ConfigReader& reader, std::string_view schema) {
  static_cast<void>(reader.choice("schema", std::array{schema}));
  const std::int64_t version = reader.integer("schema_version", {kSchemaVersion, kSchemaVersion});
  return {.schema = std::string(schema), .schema_version = version, .crossloom_version = reader.text("crossloom_version")};
}

}  // namespace crossloom
