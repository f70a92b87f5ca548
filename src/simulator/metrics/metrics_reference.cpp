#include "simulator/metrics/metrics_reference.h"

#include <array>
#include <string_view>
#include <utility>

#include "simulator/metrics/metrics_fields.h"

namespace crossloom {
namespace {

/// Unit that the suffix of a name stands for; empty when it has none.
std::string_view unit_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kUnits = {{{"_ns", "ns"},
                                                                                     {"_pj", "pJ"},
                                                                                     {"_um2", "um2"},
                                                                                     {"_fraction", "0 to 1"},
                                                                                     {"_cycles", "clocks"},
                                                                                     {"_per_s", "1/s"},
                                                                                     {"_mw", "mW"},
                                                                                     {"tops", "TOPS"},
                                                                                     {"tops_per_w", "TOPS/W"},
                                                                                     {"tops_per_mm2", "TOPS/mm2"}}};
  for (const auto& [suffix, unit] : kUnits) {
    if (name.ends_with(suffix)) return unit;
  }
  return "";
}

/// Appends one line a statistic; members of a section follow it under their dotted names and share its unit.
struct TableWriter {
  std::string& table;
  std::string prefix;
  std::string_view unit;

  template <class T>
  void operator()(const Field& field, const T& value) const {
    const std::string name = prefix + std::string(field.name);
    const std::string_view own_unit = unit_of(field.name).empty() ? unit : unit_of(field.name);
    std::string_view shown = own_unit;
    if (shown.empty() && std::same_as<T, std::int64_t>) shown = "count";
    if (shown.empty() && std::same_as<T, bool>) shown = "true or false";
    if (shown.empty() && std::same_as<T, std::string>) shown = "text";
    table.append("| `").append(name).append("` | ").append(shown).append(" | ").append(field.meaning).append(" |\n");
    if constexpr (fields_detail::Struct<const T>) {
      visit_fields(value, TableWriter{table, name + '.', own_unit});
    } else if constexpr (fields_detail::IsVector<T>::value) {
      const typename T::value_type element{};
      if constexpr (fields_detail::Struct<const typename T::value_type>) {
        visit_fields(element, TableWriter{table, name + "[].", own_unit});
      }
    }
  }
};

}  // namespace

std::string metrics_reference_markdown() {
  std::string text =
      "# Statistics of a simulation\n"
      "\n"
      "Every figure of `metrics.json`, generated from `src/simulator/metrics/metrics_fields.h`. How each is computed:\n"
      "[model.md](model.md); the schema of the file: [schema/metrics.schema.json](schema/metrics.schema.json).\n"
      "\n"
      "| Name | Unit | Meaning |\n"
      "|---|---|---|\n";
  const RunMetrics metrics;
  visit_fields(metrics, TableWriter{text, "", ""});
  return text;
}

}  // namespace crossloom
