#include "simulator/hardware/describe_chip.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "simulator/hardware/chip_fields.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

/// Unit of a key, told by its name; empty for counts, choices and texts.
std::string_view unit_of(std::string_view key) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kSuffixes = {{{"_ns", "ns"},
                                                                                        {"_pj", "pJ"},
                                                                                        {"_mw", "mW"},
                                                                                        {"_um2", "um2"},
                                                                                        {"_volt", "V"},
                                                                                        {"_siemens", "S"},
                                                                                        {"_hz", "Hz"},
                                                                                        {"_bytes", "byte"},
                                                                                        {"bits_per_s", "bit/s"},
                                                                                        {"samples_per_s", "1/s"},
                                                                                        {"_fraction", "1"}}};
  for (const auto& [suffix, unit] : kSuffixes) {
    if (key.ends_with(suffix)) return unit;
  }
  if (key.ends_with("cycles") || key.starts_with("cycles_")) return "clock";
  if (key.ends_with("bits") || key.starts_with("bits_")) return "bit";
  return "";
}

std::string allowed(const Field& field, std::int64_t) {
  return std::to_string(field.integers.min) + " to " + std::to_string(field.integers.max);
}
std::string allowed(const Field& field, double) {
  return shortest_text(field.numbers.min) + " to " + shortest_text(field.numbers.max);
}
std::string allowed(const Field&, const std::string&) { return "text"; }
template <fields_detail::Enum T>
std::string allowed(const Field&, T) {
  std::string names;
  for (const std::string_view name : enum_names(T{})) names.append(names.empty() ? "" : ", ").append(name);
  return names;
}

struct Section {
  std::string path;
  std::string_view meaning;
  std::string rows;
};

/// Appends the sections it meets in the order of the visit, each with the rows of its own keys.
struct Describer {
  std::vector<Section>& sections;
  std::size_t own;

  template <class T>
  void visit_optional(const Field& field, const std::optional<T>&) const {
    (*this)(field, T{});
  }

  template <class T>
  void operator()(const Field& field, const T& value) const {
    const std::string parent = sections[own].path;
    const std::string path = parent + (parent.empty() ? "" : ".") + std::string(field.name);
    if constexpr (fields_detail::Struct<const T>) {
      sections.push_back({path, field.meaning, ""});
      visit_fields(value, Describer{sections, sections.size() - 1});
    } else {
      sections[own].rows += "| `" + path + "` | " + std::string(unit_of(field.name)) + " | " + allowed(field, value) + " | " +
                            std::string(field.meaning) + " |\n";
    }
  }
};

}  // namespace

std::string describe_chip_fields() {
  std::vector<Section> sections = {{"", "", ""}};
  const ChipConfig chip;
  visit_fields(chip, Describer{sections, 0});
  std::string text;
  for (const Section& section : sections) {
    if (!section.path.empty()) text += "\n### `" + section.path + "`\n\n" + std::string(section.meaning) + "\n";
    if (!section.rows.empty()) text += "\n| key | unit | allowed | meaning |\n|---|---|---|---|\n" + section.rows;
  }
  return text;
}

}  // namespace crossloom
