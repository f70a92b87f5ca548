#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "simulator/program/file_header.h"
#include "simulator/program/json_schema.h"
#include "support/json.h"

/// JSON Schemas of whole output files.
namespace crossloom {

/// The header's members, then those of `Content`.
template <class Content>
[[nodiscard]] Json::Object file_properties(std::string_view schema_name) {
  Json::Object properties = schema_properties<FileHeader>();
  properties.front().second.set("const", schema_name);
  for (auto& property : schema_properties<Content>()) properties.push_back(std::move(property));
  return properties;
}

/// The schema of a file with these members, as text.
[[nodiscard]] std::string file_schema(std::string_view schema_name, std::string_view title, Json::Object properties);

/// The schema of a file that holds a header and the members of `Content`.
template <class Content>
[[nodiscard]] std::string file_schema(std::string_view schema_name, std::string_view title) {
  return file_schema(schema_name, title, file_properties<Content>(schema_name));
}

}  // namespace crossloom
