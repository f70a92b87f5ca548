#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "compiler/packing/packing.h"

namespace crossloom {

/// A way to pack. Deterministic. Returns nothing when it finds no packing within the budget (which does not prove that none
/// exists). Packers assume check(problem) passed.
struct Packer {
  std::string_view name;
  std::string_view meaning;
  std::optional<Packing> (*pack)(const PackingProblem& problem);
};

/// Table of packers, the default first; a new one is a file and a line.
[[nodiscard]] std::span<const Packer> packers();
/// Throws UserError "... is not one of ... (did you mean ...?)".
[[nodiscard]] const Packer& packer_by_name(std::string_view name);

}  // namespace crossloom
