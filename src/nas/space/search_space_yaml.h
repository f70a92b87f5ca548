#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nas/space/search_space.h"

namespace crossloom {

/// Reads the description of a space (docs/nas.md): unknown and repeated keys, lists that do not ascend, kernels that are even
/// and stages without blocks are refused. Throws UserError `source:line: key: value, allowed range`.
[[nodiscard]] SearchSpace parse_search_space_yaml(std::string_view text, std::string_view source_name);

/// Names of the built-in spaces (configs/search_spaces), sorted.
[[nodiscard]] std::vector<std::string> builtin_search_space_names();

/// Loads a built-in space by name, or a file by path (anything with a '/' or ending in .yaml). Throws UserError, with a "did
/// you mean" for an unknown name.
[[nodiscard]] SearchSpace load_search_space(const std::string& name_or_path);

}  // namespace crossloom
