#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/config_reader.h"
#include "support/json.h"

/// One record a field: its name, bounds and meaning, said once. Reading, writing, overriding and documenting a struct all walk
/// the same `visit_fields`, so they cannot drift.
///
/// A struct takes part by a free function beside it, found by argument-dependent lookup:
///
///     template <class Self, class Visitor>
///       requires SameStruct<Self, DacConfig>
///     void visit_fields(Self& self, Visitor&& visit) {
///       visit(Field{"bits", "resolution of a row driver", IntegerRange{1, 8}}, self.bits);
///       visit(Field{"settle_ns", "settling time of one drive", NumberRange{0, 1e6}}, self.settle_ns);
///     }
///
/// Supported members: std::int64_t, double, bool, std::string, an enum with `enum_names(Enum{})`, another such struct, and a
/// std::vector of std::int64_t, double, std::string or such structs. The unit is the suffix of the name.
namespace crossloom {

template <class Self, class Struct>
concept SameStruct = std::same_as<std::remove_const_t<Self>, Struct>;

struct Field {
  std::string_view name;
  std::string_view meaning;
  IntegerRange integers = {};
  NumberRange numbers = {};

  constexpr Field(std::string_view field_name, std::string_view field_meaning) : name(field_name), meaning(field_meaning) {}
  constexpr Field(std::string_view field_name, std::string_view field_meaning, IntegerRange range)
      : name(field_name), meaning(field_meaning), integers(range) {}
  constexpr Field(std::string_view field_name, std::string_view field_meaning, NumberRange range)
      : name(field_name), meaning(field_meaning), numbers(range) {}
};

namespace fields_detail {

struct AnyVisitor {
  template <class T>
  void operator()(const Field&, T&) const {}
};

template <class T>
concept Struct = requires(T& value, AnyVisitor visitor) {
  visit_fields(value, visitor);
};

template <class T>
concept Enum = std::is_enum_v<T>;

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
[[nodiscard]] Json to_json(const T& value);

struct Writer {
  Json::Object& object;
  template <class T>
  void operator()(const Field& field, const T& value) const {
    object.emplace_back(std::string(field.name), to_json(value));
  }
};

template <class T>
Json to_json(const T& value) {
  if constexpr (Struct<const T>) {
    Json::Object object;
    visit_fields(value, Writer{object});
    return Json(std::move(object));
  } else if constexpr (Enum<T>) {
    return Json(std::string(enum_names(T{})[static_cast<std::size_t>(value)]));
  } else if constexpr (IsVector<T>::value) {
    Json::Array array;
    array.reserve(value.size());
    for (const auto& item : value) array.push_back(to_json(item));
    return Json(std::move(array));
  } else {
    return Json(value);
  }
}

struct Reader {
  ConfigReader& reader;
  template <class T>
  void operator()(const Field& field, T& value) const {
    if constexpr (std::same_as<T, bool>) {
      value = reader.boolean(field.name);
    } else if constexpr (std::same_as<T, std::int64_t>) {
      value = reader.integer(field.name, field.integers);
    } else if constexpr (std::same_as<T, double>) {
      value = reader.number(field.name, field.numbers);
    } else if constexpr (std::same_as<T, std::string>) {
      value = reader.text(field.name);
    } else if constexpr (Enum<T>) {
      value = static_cast<T>(reader.choice(field.name, enum_names(T{})));
    } else if constexpr (std::same_as<T, std::vector<std::int64_t>>) {
      value = reader.integers(field.name, field.integers);
    } else if constexpr (std::same_as<T, std::vector<double>>) {
      value = reader.numbers(field.name, field.numbers);
    } else if constexpr (std::same_as<T, std::vector<std::string>>) {
      value = reader.texts(field.name);
    } else if constexpr (IsVector<T>::value) {
      value.clear();
      for (ConfigReader& item : reader.sections(field.name)) {
        visit_fields(value.emplace_back(), Reader{item});
        item.finish();
      }
    } else {
      ConfigReader section = reader.section(field.name);
      visit_fields(value, Reader{section});
      section.finish();
    }
  }
};

}  // namespace fields_detail

/// A struct with `visit_fields` as JSON, members in the order of the visit.
template <class T>
[[nodiscard]] Json write_fields(const T& value) {
  return fields_detail::to_json(value);
}

/// Reads every field of `T` from `reader` (all required, bounds enforced) and refuses unknown keys. Throws UserError.
template <class T>
[[nodiscard]] T read_fields(ConfigReader& reader) {
  T value;
  visit_fields(value, fields_detail::Reader{reader});
  reader.finish();
  return value;
}

}  // namespace crossloom
