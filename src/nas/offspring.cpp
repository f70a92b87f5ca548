#include "nas/offspring.h"

#include <unordered_set>
#include <utility>

#include "nas/variation.h"

namespace crossloom {
namespace {

// assumed: enough to leave a neighbourhood that is known; what fails so often by variation and by chance is not worth more.
constexpr int kMaxAttempts = 32;

const Individual& random_parent(const Population& population, RandomStream& random) {
  return population[random.next_below(population.size())];
}

/// Binary tournament by the crowded-comparison operator (Deb et al. 2002, section III-B). A draw goes to the first.
const Individual& tournament_winner(const Population& population, RandomStream& random) {
  const Individual& first = random_parent(population, random);
  const Individual& second = random_parent(population, random);
  if (first.rank != second.rank) return first.rank < second.rank ? first : second;
  return first.crowding_distance >= second.crowding_distance ? first : second;
}

std::vector<Genotype> nsga2_children(const Problem& problem, const SearchCourse& course, const Population& population,
                                     RandomStream& random) {
  const Individual& first = tournament_winner(population, random);
  const Individual& second = tournament_winner(population, random);
  auto [a, b] = cross(problem.genes, first.genotype, second.genotype, course.variation, random);
  std::vector<Genotype> children;
  children.push_back(mutate(problem.genes, std::move(a), course.variation, random));
  children.push_back(mutate(problem.genes, std::move(b), course.variation, random));
  return children;
}

std::vector<Genotype> rnc_children(const Problem& problem, const SearchCourse& course, const Population& population,
                                   RandomStream& random) {
  const Genotype& parent = random_parent(population, random).genotype;
  if (random.next_uniform() < 0.5) return {mutate(problem.genes, parent, course.variation, random)};
  const Genotype& other = random_parent(population, random).genotype;
  VariationOptions always = course.variation;
  always.crossover_probability = 1.0;
  return {cross(problem.genes, parent, other, always, random).first};
}

std::vector<Genotype> children_of(const Problem& problem, const SearchCourse& course, const Population& population,
                                  RandomStream& random) {
  switch (population.empty() ? SearchAlgorithm::kRandom : course.algorithm) {
    case SearchAlgorithm::kNsga2:
      return nsga2_children(problem, course, population, random);
    case SearchAlgorithm::kRnc:
      return rnc_children(problem, course, population, random);
    case SearchAlgorithm::kRandom:
      break;
  }
  return {random_genotype(problem.genes, random)};
}

/// The genotypes of one generation so far.
class Proposals {
 public:
  Proposals(const Problem& problem, const EvaluatedCandidates& known, std::size_t count)
      : problem_(problem), known_(known), count_(count) {}

  [[nodiscard]] bool is_full() const { return genotypes_.size() >= count_; }
  /// Whether the genotype was new and is now one of them.
  bool add(Genotype genotype) {
    Genotype phenotype = phenotype_of(problem_, genotype);
    if (is_full() || known_.contains(phenotype) || !phenotypes_.insert(std::move(phenotype)).second) return false;
    genotypes_.push_back(std::move(genotype));
    return true;
  }
  [[nodiscard]] std::vector<Genotype> take() { return std::move(genotypes_); }

 private:
  const Problem& problem_;
  const EvaluatedCandidates& known_;
  std::size_t count_;
  std::vector<Genotype> genotypes_;
  std::unordered_set<Genotype, GenotypeHash> phenotypes_;
};

/// Adds at least one child of the stream's draws, unless every attempt gives known ones.
void add_children(const Problem& problem, const SearchCourse& course, const Population& population, Proposals& proposals,
                  RandomStream& random) {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    bool is_any_new = false;
    for (Genotype& child : children_of(problem, course, population, random)) is_any_new |= proposals.add(std::move(child));
    if (is_any_new) return;
  }
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    if (proposals.add(random_genotype(problem.genes, random))) return;
  }
}

}  // namespace

std::vector<Genotype> propose(const Problem& problem, const SearchCourse& course, const SearchState& state,
                              const std::vector<Genotype>& initial, std::int64_t generation, std::int64_t count) {
  Proposals proposals(problem, state.candidates, static_cast<std::size_t>(count));
  if (generation == 0) {
    for (const Genotype& genotype : initial) proposals.add(genotype);
  }
  for (std::int64_t child = 0; child < count && !proposals.is_full(); ++child) {
    RandomStream random(static_cast<std::uint64_t>(course.seed), {.purpose = RandomPurpose::kSearch,
                                                                  .layer = static_cast<std::uint64_t>(generation),
                                                                  .trial = static_cast<std::uint64_t>(child)});
    add_children(problem, course, state.population, proposals, random);
  }
  return proposals.take();
}

}  // namespace crossloom
