#include "nas/domination.h"

#include <algorithm>

namespace crossloom {

Score score_of(const Evaluation& evaluation) {
  return {.objectives = evaluation.objectives, .violation = evaluation.total_violation()};
}

Domination compare(const Score& first, const Score& second) {
  if (first.violation != second.violation) {
    return first.violation < second.violation ? Domination::kFirst : Domination::kSecond;
  }
  if (first.violation > 0.0) return Domination::kNeither;
  bool is_first_better = false;
  bool is_second_better = false;
  for (std::size_t i = 0; i < first.objectives.size(); ++i) {
    is_first_better |= first.objectives[i] < second.objectives[i];
    is_second_better |= first.objectives[i] > second.objectives[i];
  }
  if (is_first_better == is_second_better) return Domination::kNeither;
  return is_first_better ? Domination::kFirst : Domination::kSecond;
}

std::vector<std::vector<std::size_t>> fast_non_dominated_sort(std::span<const Score> scores) {
  std::vector<std::vector<std::size_t>> dominated(scores.size());  // S_p of the paper
  std::vector<std::size_t> num_dominators(scores.size(), 0);       // n_p
  for (std::size_t p = 0; p < scores.size(); ++p) {
    for (std::size_t q = p + 1; q < scores.size(); ++q) {
      const Domination domination = compare(scores[p], scores[q]);
      if (domination == Domination::kNeither) continue;
      const bool is_first = domination == Domination::kFirst;
      dominated[is_first ? p : q].push_back(is_first ? q : p);
      ++num_dominators[is_first ? q : p];
    }
  }
  std::vector<std::vector<std::size_t>> fronts;
  std::vector<std::size_t> front;
  for (std::size_t p = 0; p < scores.size(); ++p) {
    if (num_dominators[p] == 0) front.push_back(p);
  }
  while (!front.empty()) {
    std::vector<std::size_t> next;
    for (const std::size_t p : front) {
      for (const std::size_t q : dominated[p]) {
        if (--num_dominators[q] == 0) next.push_back(q);
      }
    }
    std::ranges::sort(next);
    fronts.push_back(std::move(front));
    front = std::move(next);
  }
  return fronts;
}

}  // namespace crossloom
