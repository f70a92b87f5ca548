#include "simulator/metrics/metrics_files.h"

#include <variant>

#include "simulator/metrics/metrics_fields.h"
#include "simulator/program/file_header.h"

namespace crossloom {
namespace {

constexpr std::string_view kMetricsSchema = "crossloom/metrics";

}  // namespace

std::string metrics_to_json(const RunMetrics& metrics) { return file_text(kMetricsSchema, write_fields(metrics)); }

RunMetrics metrics_from_json(std::string_view text, std::string_view source_name) {
  const Document document = parse_json(text, source_name);
  ConfigReader reader(document, std::string(source_name));
  static_cast<void>(read_header(reader, kMetricsSchema));
  return read_fields<RunMetrics>(reader);
}

}  // namespace crossloom
