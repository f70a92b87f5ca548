#include "nas/population.h"

#include <algorithm>

#include "nas/domination.h"

namespace crossloom {
namespace {

std::vector<Score> scores_of(const std::vector<Individual>& individuals) {
  std::vector<Score> scores;
  scores.reserve(individuals.size());
  for (const Individual& individual : individuals) scores.push_back(score_of(individual.evaluation));
  return scores;
}

std::vector<Score> pick(const std::vector<Score>& scores, const std::vector<std::size_t>& indices) {
  std::vector<Score> picked;
  picked.reserve(indices.size());
  for (const std::size_t index : indices) picked.push_back(scores[index]);
  return picked;
}

}  // namespace

void rank(Population& population) {
  const std::vector<Score> scores = scores_of(population);
  std::int64_t number = 0;
  for (const std::vector<std::size_t>& front : fast_non_dominated_sort(scores)) {
    const std::vector<double> distances = crowding_distances(pick(scores, front));
    for (std::size_t i = 0; i < front.size(); ++i) {
      population[front[i]].rank = number;
      population[front[i]].crowding_distance = distances[i];
    }
    ++number;
  }
}

Population survivors(const Population& population, std::size_t size) {
  const std::vector<Score> scores = scores_of(population);
  Population kept;
  kept.reserve(std::min(size, population.size()));
  for (const std::vector<std::size_t>& front : fast_non_dominated_sort(scores)) {
    for (const std::size_t i : least_crowded(pick(scores, front), size - kept.size())) kept.push_back(population[front[i]]);
    if (kept.size() == size) break;
  }
  rank(kept);
  return kept;
}

ParetoFront pareto_front(const Population& population) {
  ParetoFront front;
  add_to_archive(front, population, 0);
  std::ranges::sort(front.members, {}, [](const Individual& member) { return member.evaluation.objectives; });
  rank(front.members);
  return front;
}

std::vector<std::vector<double>> objectives_of(const ParetoFront& front) {
  std::vector<std::vector<double>> objectives;
  objectives.reserve(front.members.size());
  for (const Individual& member : front.members) objectives.push_back(member.evaluation.objectives);
  return objectives;
}

void add_to_archive(ParetoFront& archive, const Population& generation, std::size_t capacity) {
  for (const Individual& individual : generation) {
    if (!individual.evaluation.is_feasible()) continue;
    const Score score = score_of(individual.evaluation);
    const auto keeps_out = [&](const Individual& member) {
      return member.evaluation.objectives == individual.evaluation.objectives ||
             compare(score_of(member.evaluation), score) == Domination::kFirst;
    };
    if (std::ranges::any_of(archive.members, keeps_out)) continue;
    std::erase_if(archive.members,
                  [&](const Individual& member) { return compare(score, score_of(member.evaluation)) == Domination::kFirst; });
    archive.members.push_back(individual);
  }
  if (capacity == 0 || archive.members.size() <= capacity) return;
  const std::vector<std::size_t> kept = least_crowded(scores_of(archive.members), capacity);
  std::vector<Individual> members;
  members.reserve(kept.size());
  for (const std::size_t index : kept) members.push_back(std::move(archive.members[index]));
  archive.members = std::move(members);
}

}  // namespace crossloom
