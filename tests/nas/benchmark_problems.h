#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "nas/population.h"
#include "nas/problem.h"

namespace crossloom {

/// A problem with a known Pareto front.
struct BenchmarkProblem {
  Problem problem;
  /// Dense sample of the true front; for `networks` all of it.
  std::vector<std::vector<double>> true_front;
  std::vector<double> reference_point;
  std::int64_t generations = 250;
  std::int64_t population_size = 100;
  /// VariationOptions::redraw_probability. The fronts of tnk and osy fall into pieces between which small steps do not lead.
  double redraw_probability = 0.0;
  bool is_enumerable = false;
};

/// - zdt1 to zdt4, zdt6: Zitzler, Deb, Thiele, Evolutionary Computation 2000; reference point 1.1 in each objective;
/// - dtlz2: Deb, Thiele, Laumanns, Zitzler, CEC 2002; three objectives, 12 variables; the same reference point;
/// - bnh, srn, tnk, osy: as in Deb, "Multi-Objective Optimization using Evolutionary Algorithms", Wiley 2001, section 8.3,
/// after
///   Binh and Korn 1997, Srinivas and Deb 1994, Tanaka et al. 1995, Osyczka and Kundu 1995; the reference point lies a tenth of
///   the true front's span beyond its worst objectives; 500 generations;
/// - networks: 16,380 phenotypes of a made-up family of networks (depth, kernel and width of each layer, crossbar size, ADC
/// bits)
///   under a budget of crossbars, error against latency, with a roughness that hides the trend.
[[nodiscard]] std::span<const std::string_view> benchmark_problem_names();

/// Throws UserError for an unknown name; upper and lower case are the same.
[[nodiscard]] BenchmarkProblem benchmark_problem(std::string_view name);

/// Every feasible phenotype of a problem without real genes, scored.
[[nodiscard]] Population enumerate(const Problem& problem);

}  // namespace crossloom
