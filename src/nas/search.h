#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nas/search_options.h"
#include "nas/search_state.h"

namespace crossloom {

/// Why a search ended.
enum class StopReason { kGenerations, kEvaluations, kStalled, kExhausted, kInterrupted };

[[nodiscard]] inline std::span<const std::string_view> enum_names(StopReason) {
  static constexpr std::array<std::string_view, 5> kNames = {"generations", "evaluations", "stalled", "exhausted",
                                                             "interrupted"};
  return kNames;
}

/// How one constraint fared over all candidates that could be evaluated.
struct ConstraintSummary {
  std::string name;
  std::int64_t num_violating = 0;
  double smallest_violation = 0.0;  ///< 0 when some candidate keeps it
  friend bool operator==(const ConstraintSummary&, const ConstraintSummary&) = default;
};

/// Why no candidate was feasible.
struct InfeasibilityReport {
  std::vector<ConstraintSummary> constraints;
  /// The constraint that no candidate came near to: the largest smallest_violation. When each is kept by some candidate, the
  /// one that `nearest` violates most. Empty when every candidate failed.
  std::string binding_constraint;
  /// The candidate with the smallest total violation, the earliest of several; absent when every candidate failed.
  std::optional<EvaluatedCandidates::Candidate> nearest;
  std::int64_t num_failed = 0;
  std::string first_failure;  ///< reason of the first failed candidate
};

struct SearchResult {
  StopReason reason = StopReason::kGenerations;
  SearchState state;
  /// Of the archive: every feasible non-dominated candidate of the search, or as many as its capacity.
  ParetoFront front;
  std::optional<InfeasibilityReport> infeasibility;  ///< present when no candidate is feasible
};

/// Searches for the Pareto front of a problem. Continues from the checkpoint in options.folder when there is one. The result,
/// checkpoint and log depend on problem and options alone, not on the number of threads nor on how often the search was
/// interrupted: the files of each generation are written aside and renamed.
///
/// Source: Deb, Pratap, Agarwal, Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II", IEEE TEVC 2002;
/// what differs is listed in docs/nsga2.md. Throws UserError for a problem or options out of range and for a checkpoint that
/// cannot be read or belongs to another search; files are then left as they are.
[[nodiscard]] SearchResult search(const Problem& problem, const SearchOptions& options);

/// Throws UserError for options out of their documented ranges or of another shape than the problem.
void check(const SearchOptions& options, const Problem& problem);

/// Nothing when some candidate is feasible or there is none at all.
[[nodiscard]] std::optional<InfeasibilityReport> explain_infeasibility(const Problem& problem,
                                                                       const EvaluatedCandidates& candidates);

/// A front as JSON text: a member with its candidate number, genes and objectives by name, in ascending order of objectives.
[[nodiscard]] std::string write_front(const Problem& problem, const ParetoFront& front);

}  // namespace crossloom
