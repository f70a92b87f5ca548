#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/network.h"

namespace crossloom {

/// A network file: the network at the input shape asked for, and what the file declares of itself at its own input shape.
struct NetworkFile {
  Network network;
  std::optional<ExpectedCounts> expected;  ///< true of the layers: a file whose counts disagree is refused
  TensorShape declared_input_shape;
};

/// Reads a network from YAML text (format: docs/networks.md). Layers may stand in any order; they are sorted topologically
/// (stable). `input_shape` replaces the file's. Throws UserError `source:line: ...` for anything a user must fix: unknown,
/// repeated, missing keys, values out of range, cyclic or dangling layers, sizes that overflow, `expected` counts that are not
/// those of the layers at the file's own input shape. O(size of the text + layers log layers).
[[nodiscard]] NetworkFile parse_network_yaml(std::string_view text, std::string_view source_name,
                                             const std::optional<TensorShape>& input_shape = std::nullopt);

/// Names of the built-in networks (models/*.yaml in `data_folder()`), sorted. Throws UserError when the folder cannot be read.
[[nodiscard]] std::vector<std::string> builtin_network_names();

/// Loads a built-in network by name, or a file by path (anything with a '/' or ending in .yaml). Throws UserError, with a
/// "did you mean" for an unknown name.
[[nodiscard]] NetworkFile load_network(const std::string& name_or_path,
                                       const std::optional<TensorShape>& input_shape = std::nullopt);

}  // namespace crossloom
