#include "simulator/metrics/metrics_csv.h"

#include <variant>

#include "simulator/metrics/metrics_fields.h"
#include "support/csv.h"
#include "support/json.h"

namespace crossloom {
namespace {

void append_rows(std::string& csv, const std::string& name, const Json& value) {
  if (const auto* object = std::get_if<Json::Object>(&value.value())) {
    std::string prefix = name;
    if (!prefix.empty()) prefix.push_back('.');
    for (const auto& [key, member] : *object) append_rows(csv, prefix + key, member);
    return;
  }
  if (const auto* array = std::get_if<Json::Array>(&value.value())) {
    for (std::size_t i = 0; i < array->size(); ++i) append_rows(csv, name + '[' + std::to_string(i) + ']', (*array)[i]);
    return;
  }
  const auto* text = std::get_if<std::string>(&value.value());
  csv.append(csv_field(name)).append(",").append(text == nullptr ? value.dump(-1) : csv_field(*text)).append("\n");
}

}  // namespace

std::string metrics_to_csv(const RunMetrics& metrics) {
  std::string csv = "name,value\n";
  append_rows(csv, "", write_fields(metrics));
  return csv;
}

}  // namespace crossloom
