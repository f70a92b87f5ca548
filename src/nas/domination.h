#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "nas/problem.h"

namespace crossloom {

/// A candidate as domination sees it: its objectives (all minimised) and its total violation, 0 when feasible.
struct Score {
  std::span<const double> objectives = {};
  double violation = 0.0;
};

[[nodiscard]] Score score_of(const Evaluation& evaluation);

enum class Domination { kNeither, kFirst, kSecond };

/// Constrained domination (Deb, Pratap, Agarwal, Meyarivan, IEEE TEVC 2002, definition 1): the feasible one dominates the
/// infeasible, of two infeasible ones the one with the smaller total violation, and of two feasible ones the one that is
/// nowhere worse and somewhere better.
[[nodiscard]] Domination compare(const Score& first, const Score& second);

/// Fast non-dominated sort (Deb et al. 2002, section III-A): fronts of indices, the best front first, each front ascending.
/// O(M N^2) time and O(N^2) memory for N scores of M objectives.
[[nodiscard]] std::vector<std::vector<std::size_t>> fast_non_dominated_sort(std::span<const Score> scores);

/// Crowding distance (Deb et al. 2002, section III-B) of each of a front's points: per objective the gap between its two
/// neighbours over the span of the front, added up; infinite for the two ends. An objective in which all points agree says
/// nothing about crowding and adds nothing. Points without objectives have distance 0.
[[nodiscard]] std::vector<double> crowding_distances(std::span<const Score> front);

/// Indices, ascending, of the `count` points of a front that stay when the most crowded one is dropped again and again, the
/// distances being brought up to date after each (Kukkonen, Deb, "Improved pruning of non-dominated solutions based on
/// crowding distance for bi-objective optimization problems", CEC 2006). Of equally crowded points the later goes first.
/// O(N^2 + M N log N).
[[nodiscard]] std::vector<std::size_t> least_crowded(std::span<const Score> front, std::size_t count);

}  // namespace crossloom
