#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nas/problem.h"

namespace crossloom {

/// A scored candidate.
struct Individual {
  Genotype genotype;
  Genotype phenotype;
  Evaluation evaluation;
  /// Its number in the order of evaluation, from 0.
  std::int64_t candidate = 0;
  /// Number of its front in the population, 0 = non-dominated.
  std::int64_t rank = 0;
  /// Within its front; may be infinite.
  double crowding_distance = 0.0;
  friend bool operator==(const Individual&, const Individual&) = default;
};

using Population = std::vector<Individual>;

/// Feasible individuals none of which dominates another, no two with the same objectives.
struct ParetoFront {
  std::vector<Individual> members;
  friend bool operator==(const ParetoFront&, const ParetoFront&) = default;
};

/// Sets rank and crowding distance of every individual.
void rank(Population& population);

/// The `size` survivors of a population: whole fronts, best first, as long as they fit, and of the next front the least crowded
/// (Deb et al. 2002, section III-C). Ranked; in the order they had within each front.
[[nodiscard]] Population survivors(const Population& population, std::size_t size);

/// The feasible, non-dominated individuals of a population in ascending order of their objectives; of those with the same
/// objectives the earliest candidate.
[[nodiscard]] ParetoFront pareto_front(const Population& population);

/// The objectives of each member.
[[nodiscard]] std::vector<std::vector<double>> objectives_of(const ParetoFront& front);

/// Adds a generation to an archive: what is infeasible, dominated or repeats the objectives of a member stays out, what it
/// dominates leaves. Beyond `capacity` (0 = none) the most crowded members leave. Members keep the order of their arrival.
void add_to_archive(ParetoFront& archive, const Population& generation, std::size_t capacity);

}  // namespace crossloom
