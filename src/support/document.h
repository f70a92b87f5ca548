#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossloom {

/// A parsed YAML or JSON node with the line it stands on; the common input of ConfigReader. Plain data, no third-party type.
struct Document {
  enum class Kind { kNull, kScalar, kSequence, kMapping };

  Kind kind = Kind::kNull;
  std::string scalar = {};                                     ///< text of a scalar as written
  bool is_quoted = false;                                      ///< a quoted scalar is text, never a number or a boolean
  std::int64_t line = 0;                                       ///< 1-based; 0 = unknown
  std::vector<Document> items = {};                            ///< kSequence
  std::vector<std::pair<std::string, Document>> members = {};  ///< kMapping, in file order, keys unique
};

/// Parse text; `source_name` begins every message. Throw UserError `source:line: ...` for a syntax error, a repeated key, a key
/// that is not a scalar, more than one YAML document, nesting deeper than 64, YAML aliases that would expand beyond 10^6 nodes.
[[nodiscard]] Document parse_yaml(std::string_view text, std::string_view source_name);
[[nodiscard]] Document parse_json(std::string_view text, std::string_view source_name);

/// Read a whole file; throws UserError `path: cannot be read: <reason>` for a missing file, a folder, no permission, or one
/// larger than `max_bytes`.
[[nodiscard]] std::string read_text_file(const std::string& path, std::int64_t max_bytes = std::int64_t{256} << 20);

}  // namespace crossloom
