#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "support/config_reader.h"
#include "support/fields.h"

namespace crossloom {

/// Version of the output files' format; grows when a file of the version before can no longer be read.
inline constexpr std::int64_t kSchemaVersion = 1;

/// Who wrote an output file, and in which format: its first three members.
struct FileHeader {
  std::string schema;  ///< "crossloom/tilemap", ...
  std::int64_t schema_version = kSchemaVersion;
  std::string crossloom_version;  ///< of the program that wrote the file
};

template <class Self, class Visitor>
requires SameStruct<Self, FileHeader>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"schema", "what the file holds"}, self.schema);
  visit(Field{"schema_version", "version of the format", IntegerRange{kSchemaVersion, kSchemaVersion}}, self.schema_version);
  visit(Field{"crossloom_version", "version of the program that wrote the file"}, self.crossloom_version);
}

/// The header of a file written by this build.
[[nodiscard]] FileHeader own_header(std::string_view schema);

/// The text of a file of this build: its header, then the members of `content`, an object.
[[nodiscard]] std::string file_text(std::string_view schema, const Json& content);

/// Reads the three members; throws UserError unless `schema` is the one expected and the version one this build reads.
[[nodiscard]] FileHeader read_header(ConfigReader& reader, std::string_view schema);

}  // namespace crossloom
