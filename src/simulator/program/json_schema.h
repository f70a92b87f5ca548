#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/fields.h"
#include "support/json.h"

/// JSON Schema (draft 2020-12) of a struct, from the same visit_fields that writes and reads it.
namespace crossloom {

/// A schema of an object with exactly these members, all required but the `optional` ones.
[[nodiscard]] inline Json object_schema(Json::Object properties, const std::vector<std::string_view>& optional = {}) {
  Json::Array required;
  for (const auto& [name, schema] : properties) {
    if (std::ranges::find(optional, name) == optional.end()) required.emplace_back(name);
  }
  return Json::Object{{"type", "object"},
                      {"additionalProperties", false},
                      {"required", std::move(required)},
                      {"properties", Json(std::move(properties))}};
}

namespace schema_detail {

template <class T>
[[nodiscard]] Json struct_schema();

/// Writes a bound unless it is the default one, which says nothing.
template <class Range>
void set_bounds(Json& schema, const Range& range) {
  if (range.min != Range{}.min) schema.set("minimum", range.min);
  if (range.max != Range{}.max) schema.set("maximum", range.max);
}

template <class T>
Json value_schema(const Field& field) {
  Json schema;
  if constexpr (std::same_as<T, bool>) {
    schema.set("type", "boolean");
  } else if constexpr (std::same_as<T, std::int64_t>) {
    schema.set("type", "integer");
    set_bounds(schema, field.integers);
  } else if constexpr (std::same_as<T, double>) {
    schema.set("type", "number");
    set_bounds(schema, field.numbers);
  } else if constexpr (std::same_as<T, std::string>) {
    schema.set("type", "string");
  } else if constexpr (fields_detail::Enum<T>) {
    Json::Array names;
    for (const std::string_view name : enum_names(T{})) names.emplace_back(name);
    schema.set("enum", std::move(names));
  } else if constexpr (fields_detail::IsVector<T>::value) {
    schema.set("type", "array");
    schema.set("items", value_schema<typename T::value_type>(field));
  } else {
    return struct_schema<T>();
  }
  return schema;
}

struct SchemaWriter {
  Json::Object& properties;
  std::vector<std::string_view>& optional;
  template <class T>
  void operator()(const Field& field, const T&) const {
    Json schema(Json::Object{{"description", field.meaning}});
    const Json value = value_schema<T>(field);
    for (const auto& [key, member] : std::get<Json::Object>(value.value())) schema.set(key, member);
    properties.emplace_back(std::string(field.name), std::move(schema));
  }
  template <class T>
  void visit_optional(const Field& field, const std::optional<T>&) const {
    (*this)(field, T{});
    optional.push_back(field.name);
  }
};

template <class T>
Json struct_schema() {
  Json::Object properties;
  std::vector<std::string_view> optional;
  const T value{};
  visit_fields(value, SchemaWriter{properties, optional});
  return object_schema(std::move(properties), optional);
}

}  // namespace schema_detail

/// Schema of each field of `T`, with its meaning and bounds.
template <class T>
[[nodiscard]] Json::Object schema_properties() {
  Json::Object properties;
  std::vector<std::string_view> optional;
  const T value{};
  visit_fields(value, schema_detail::SchemaWriter{properties, optional});
  return properties;
}

}  // namespace crossloom
