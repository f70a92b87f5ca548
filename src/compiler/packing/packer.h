#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "compiler/packing/packing.h"

namespace crossloom {

/// How long a packer that searches may search. Counted in steps, not in time: the result does not depend on the machine.
enum class PackingEffort {
  kFast,     ///< no search
  kDefault,  ///< some 10 ms for 200 blocks
  kBest,     ///< some seconds
};
[[nodiscard]] std::span<const std::string_view> enum_names(PackingEffort);

/// What a caller wants of a packing.
struct PackingGoal {
  PackingEffort effort = PackingEffort::kDefault;
  std::int64_t enough = 0;  ///< crossbars; fewer are no better
  /// Where no packing within the budget is found: the one with the fewest crossbars instead of nothing, as it says by how much
  /// the blocks are too many.
  bool wants_overfull = false;
};

/// A way to pack. Deterministic. Returns nothing when it finds no packing within the budget (which does not prove that none
/// exists) and the goal does not ask for more. Packers assume check(problem) passed.
struct Packer {
  std::string_view name;
  std::string_view meaning;
  std::optional<Packing> (*pack)(const PackingProblem& problem, const PackingGoal& goal);
};

/// Table of packers, the default first; a new one is a file and a line.
[[nodiscard]] std::span<const Packer> packers();
/// Throws UserError "... is not one of ... (did you mean ...?)".
[[nodiscard]] const Packer& packer_by_name(std::string_view name);

}  // namespace crossloom
