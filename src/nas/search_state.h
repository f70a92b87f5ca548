#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "nas/population.h"
#include "nas/search_options.h"

namespace crossloom {

/// One line of the log: where a search stands after a generation.
struct GenerationSummary {
  std::int64_t generation = 0;
  std::int64_t num_evaluations = 0;
  std::int64_t num_feasible = 0;
  std::int64_t num_failed = 0;
  std::int64_t num_in_front = 0;
  std::int64_t num_in_archive = 0;
  double hypervolume = 0.0;
  double smallest_violation = 0.0;
  friend bool operator==(const GenerationSummary&, const GenerationSummary&) = default;
};

template <class Self, class Visitor>
requires SameStruct<Self, GenerationSummary>
void visit_fields(Self& self, Visitor&& visit) {
  constexpr IntegerRange kCount = {.min = 0};
  visit(Field{"generation", "0 = the initial population", kCount}, self.generation);
  visit(Field{"num_evaluations", "candidates evaluated so far", kCount}, self.num_evaluations);
  visit(Field{"num_feasible", "of these, those that violate no constraint", kCount}, self.num_feasible);
  visit(Field{"num_failed", "of these, those that could not be evaluated", kCount}, self.num_failed);
  visit(Field{"num_in_front", "individuals in the first front of the population", kCount}, self.num_in_front);
  visit(Field{"num_in_archive", "individuals in the archive", kCount}, self.num_in_archive);
  visit(Field{"hypervolume", "of the archive below the reference point; 0 without a feasible candidate", NumberRange{0}},
        self.hypervolume);
  visit(Field{"smallest_violation", "smallest total violation so far; -1 when every candidate failed", NumberRange{-1}},
        self.smallest_violation);
}

/// Every candidate a search has evaluated, in the order of evaluation, found by phenotype.
class EvaluatedCandidates {
 public:
  struct Candidate {
    Genotype phenotype;
    Evaluation evaluation;
    friend bool operator==(const Candidate&, const Candidate&) = default;
  };

  [[nodiscard]] bool contains(const Genotype& phenotype) const { return numbers_.contains(phenotype); }
  /// Number of the new candidate. Throws InternalError when its phenotype is known already.
  std::int64_t add(Genotype phenotype, Evaluation evaluation);
  [[nodiscard]] const std::vector<Candidate>& all() const { return all_; }

 private:
  std::vector<Candidate> all_;
  std::unordered_map<Genotype, std::int64_t, GenotypeHash> numbers_;
};

/// A search between two generations. There is no state of a random generator: every draw is keyed by seed, generation and
/// child.
struct SearchState {
  EvaluatedCandidates candidates;
  Population population;
  ParetoFront archive;
  std::vector<double> reference_point;     ///< empty until it is known
  std::vector<GenerationSummary> history;  ///< one entry a finished generation

  [[nodiscard]] std::int64_t num_evaluations() const { return static_cast<std::int64_t>(candidates.all().size()); }
};

/// The state as JSON text (version, problem, hash of the space, course, candidates, population, archive, history). Reads back
/// to the same state and, from there, the same bytes.
[[nodiscard]] std::string write_checkpoint(const Problem& problem, const SearchCourse& course, const SearchState& state);

/// Reads what write_checkpoint wrote; `source_name` begins every message. Throws UserError for a truncated or damaged text,
/// another version, problem, space or course.
[[nodiscard]] SearchState read_checkpoint(const Problem& problem, const SearchCourse& course, std::string_view text,
                                          const std::string& source_name);

}  // namespace crossloom
