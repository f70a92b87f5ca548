#pragma once

#include <span>
#include <string_view>

#include "compiler/compile.h"

namespace crossloom {

/// Ways to map that others are compared with.
enum class Baseline {
  /// A crossbar for each block and one copy of each layer: how ISAAC's crossbars hold a network (Shafiee et al., ISCA 2016)
  /// without the copies that balance its pipeline, as RNC takes it for a baseline (arXiv 2409.18841).
  kIsaac,
};
[[nodiscard]] std::span<const std::string_view> enum_names(Baseline);

/// The options with packer, copies and rules of sharing those of the baseline.
[[nodiscard]] CompileOptions as_baseline(CompileOptions options, Baseline baseline);

}  // namespace crossloom
