#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nas/candidate/candidate_evaluator.h"
#include "nas/candidate/search_file.h"
#include "nas/search.h"

namespace crossloom {

inline constexpr std::string_view kCandidatesFile = "candidates.csv";
inline constexpr std::string_view kFrontFile = "front.csv";
/// Accuracy of the front on the test images, and that of the baseline in the row of kTestedBaseline.
inline constexpr std::string_view kTestFile = "test.csv";
inline constexpr std::string_view kTestedBaseline = "baseline";
inline constexpr std::string_view kInheritedColumn = "inherited_test_accuracy_fraction";
inline constexpr std::string_view kRetrainedColumn = "retrained_test_accuracy_fraction";

/// A member of the front, scored by the simulator.
struct FrontMember {
  std::int64_t candidate = 0;
  Genotype genotype;
  std::vector<double> objectives;  ///< as the search scored them, with their own signs
  CandidateFigures simulated;
  std::optional<double> speedup;      ///< time of a batch on the baseline over its own
  std::optional<double> rnc_speedup;  ///< the same by RNC's evaluator, in a search about it
};

/// The members of a front in their order, each simulated and, where the file needs images, run on them, on up to `num_threads`
/// threads.
[[nodiscard]] std::vector<FrontMember> simulate_front(const SearchFile& file, const CandidateEvaluator& evaluator,
                                                      const ParetoFront& front, const std::optional<CandidateFigures>& baseline,
                                                      std::int64_t num_threads);

/// candidates.csv: a row each candidate that was evaluated, in order: number, genes, objectives as the search scored them,
/// violations, why it failed.
[[nodiscard]] std::string candidates_csv(const SearchFile& file, const CandidateEvaluator& evaluator, const Problem& problem,
                                         const SearchState& state);

/// front.csv: a row each member: number, genes, objectives as scored, accuracy and loss where the file needs images,
/// then the figures of the simulation, RNC's evaluator's in a search about it.
[[nodiscard]] std::string front_csv(const SearchFile& file, const CandidateEvaluator& evaluator, const Problem& problem,
                                    const std::vector<FrontMember>& front);

}  // namespace crossloom
