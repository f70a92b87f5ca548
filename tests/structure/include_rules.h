#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crossloom {

/// The floors of src/, lowest first. A floor includes itself and lower ones only; nobody includes the last, `cli`.
[[nodiscard]] std::vector<std::string> floors();

/// What the text of one source file breaks, each as `path:line: what`; empty when it keeps all rules:
/// - an include never points to a higher floor;
/// - <torch/...> only in training/*.cpp and nas/torch/*.cpp, <yaml-cpp/...> only in support/*.cpp;
/// - third-party headers never in a header;
/// - a header begins with #pragma once;
/// - every file lies in a known floor.
/// `path` is relative to src/, such as "compiler/packing/packer.h".
[[nodiscard]] std::vector<std::string> broken_include_rules(const std::string& path, std::string_view text);

}  // namespace crossloom
