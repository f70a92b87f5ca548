#pragma once

#include <vector>

#include "nas/problem.h"

namespace crossloom {

struct ConstrainedProblem {
  Problem problem;
  /// Dense sample of the true front, by formula.
  std::vector<std::vector<double>> true_front;
};

/// bnh, srn, tnk and osy with the true fronts given in Deb, "Multi-Objective Optimization using Evolutionary Algorithms", Wiley
/// 2001, section 8.3. Violations are those of the constraints over their constant terms.
[[nodiscard]] std::vector<ConstrainedProblem> constrained_problems();

}  // namespace crossloom
