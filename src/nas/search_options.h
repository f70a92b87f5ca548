#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nas/problem.h"
#include "nas/variation.h"
#include "support/fields.h"

namespace crossloom {

/// How candidates are proposed: NSGA-II; the scheme of RNC (arXiv 2409.18841), a child by either mutation or crossover of
/// parents drawn uniformly, without a tournament (assumed: even odds); or uniform random search.
enum class SearchAlgorithm { kNsga2, kRnc, kRandom };

[[nodiscard]] inline std::span<const std::string_view> enum_names(SearchAlgorithm) {
  static constexpr std::array<std::string_view, 3> kNames = {"nsga2", "rnc", "random"};
  return kNames;
}

/// What determines the course of a search, generation by generation; a checkpoint continues only under the same values.
struct SearchCourse {
  SearchAlgorithm algorithm = SearchAlgorithm::kNsga2;
  std::int64_t seed = 1;
  std::int64_t population_size = 100;
  std::int64_t archive_capacity = 0;
  VariationOptions variation = {};
  friend bool operator==(const SearchCourse&, const SearchCourse&) = default;
};

template <class Self, class Visitor>
requires SameStruct<Self, SearchCourse>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"algorithm", "how candidates are proposed"}, self.algorithm);
  visit(Field{"seed", "selects the random draws", IntegerRange{0}}, self.seed);
  visit(Field{"population_size", "individuals that survive a generation", IntegerRange{2, 1'000'000}}, self.population_size);
  visit(Field{"archive_capacity", "non-dominated individuals kept beside the population; 0 = all", IntegerRange{0}},
        self.archive_capacity);
  visit(Field{"variation", "crossover and mutation"}, self.variation);
}

/// Everything a search can be told.
struct SearchOptions {
  SearchCourse course = {};
  /// Generations after the initial population; at least 0.
  std::int64_t max_generations = 250;
  /// Evaluated candidates, at least 1; the last generation is cut where the budget ends.
  std::int64_t max_evaluations = std::int64_t{1} << 40;
  /// Stops when the archive's hypervolume has grown by at most `stall_tolerance` of itself over so many generations; 0 = never.
  std::int64_t stall_generations = 0;
  double stall_tolerance = 1e-4;
  /// Where the hypervolume ends, one value an objective; empty: a tenth of the span beyond the worst objectives of the first
  /// generation with a feasible candidate.
  std::vector<double> reference_point = {};
  /// Members of the initial population that are not drawn, such as known good candidates.
  std::vector<Genotype> initial = {};
  std::int64_t num_threads = 1;
  /// Scores phenotypes in their order, such as on several machines; absent: evaluate_all on num_threads threads.
  std::function<std::vector<Evaluation>(std::span<const Genotype> phenotypes)> evaluate = nullptr;
  /// Folder of `checkpoint.json`, from which a search continues, and `log.jsonl`, a line a generation; empty: neither is kept.
  std::string folder = {};
  /// Asked between generations; true ends the search there.
  std::function<bool()> should_stop = nullptr;
};

}  // namespace crossloom
