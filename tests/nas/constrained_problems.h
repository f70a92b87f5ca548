#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "nas/problem.h"

namespace crossloom {

struct ConstrainedProblem {
  Problem problem;
  /// Dense sample of the true front, by formula.
  std::vector<std::vector<double>> true_front;
};

/// bnh, srn, tnk or osy with the true front given in Deb, "Multi-Objective Optimization using Evolutionary Algorithms", Wiley
/// 2001, section 8.3; nothing for another name. Violations are those of the constraints over their constant terms.
[[nodiscard]] std::optional<ConstrainedProblem> constrained_problem(std::string_view name);

}  // namespace crossloom
