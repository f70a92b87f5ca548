#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "nas/genotype.h"

namespace crossloom {

/// What became of one candidate.
struct Evaluation {
  /// All to be minimised. May stay empty when a violation is above 0: what does not fit need not be scored further.
  std::vector<double> objectives = {};
  /// By how much each constraint is violated: 0 or below when it holds. Domination adds them up, so they want a common scale;
  /// a limit L on a quantity q is best written as q / L - 1.
  std::vector<double> violations = {};
  /// Why there are no numbers (such as the message of an exception); empty when there are.
  std::string failure = {};

  friend bool operator==(const Evaluation&, const Evaluation&) = default;

  /// Sum of the violations above 0; infinite for a failed candidate.
  [[nodiscard]] double total_violation() const;
  [[nodiscard]] bool is_feasible() const { return total_violation() == 0.0; }
};

/// A multi-objective optimisation problem: minimise every objective where no constraint is violated.
struct Problem {
  std::string name;
  std::vector<Gene> genes;
  std::vector<std::string> objectives;
  std::vector<std::string> constraints = {};
  /// Scores a phenotype. Called from several threads at once; must depend on its argument alone. An exception makes the
  /// candidate a failed one.
  std::function<Evaluation(const Genotype&)> evaluate;
  /// The phenotype of a genotype, written as a genotype whose inactive genes (such as the kernel of a layer beyond the depth)
  /// have one agreed value. Idempotent. Absent: every genotype is its own phenotype.
  std::function<Genotype(const Genotype&)> phenotype = nullptr;
};

/// Throws UserError for genes that check_genes refuses, no objective, names that are empty or stand twice, no `evaluate`.
void check(const Problem& problem);

/// Identity of a problem's space: 16 hexadecimal digits over its name, genes, objectives and constraints. What `evaluate`
/// computes cannot be seen from here: whatever changes it belongs into the name.
[[nodiscard]] std::string space_hash(const Problem& problem);

[[nodiscard]] Genotype phenotype_of(const Problem& problem, const Genotype& genotype);

/// Scores one phenotype; never throws for what the problem's function does. An exception, a wrong number of values or a value
/// that is not finite gives a failed Evaluation without numbers that says so.
[[nodiscard]] Evaluation evaluate_safely(const Problem& problem, const Genotype& phenotype);

/// evaluate_safely of each phenotype, in their order, on up to `num_threads` threads (at least 1). The result does not depend
/// on their number.
[[nodiscard]] std::vector<Evaluation> evaluate_all(const Problem& problem, std::span<const Genotype> phenotypes,
                                                   std::int64_t num_threads);

}  // namespace crossloom
