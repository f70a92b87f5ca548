#pragma once

#include <optional>
#include <string_view>

#include "compiler/import/load_network.h"

namespace crossloom {

/// Reads a network from YAML text (format: docs/networks.md). Layers may stand in any order; they are sorted topologically
/// (stable). `input_shape` replaces the file's. Throws UserError `source:line: ...` for anything a user must fix: unknown,
/// repeated, missing keys, values out of range, cyclic or dangling layers, sizes that overflow, `expected` counts that are not
/// those of the layers at the file's own input shape. O(size of the text + layers log layers).
[[nodiscard]] NetworkFile parse_network_yaml(std::string_view text, std::string_view source_name,
                                             const std::optional<TensorShape>& input_shape = std::nullopt);

}  // namespace crossloom
