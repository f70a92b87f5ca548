#pragma once

#include <cstdint>
#include <vector>

#include "nas/search_state.h"

namespace crossloom {

/// Up to `count` genotypes for generation `generation` with phenotypes that are pairwise different and not among the candidates
/// evaluated so far. The initial generation (0) begins with `initial`, as far as it is new, and is filled up at random; the
/// later ones follow the course's algorithm from the ranked population. A child whose phenotype is known is proposed again a
/// limited number of times, then drawn at random, then left out: fewer than `count`, down to none, means that new phenotypes
/// have become rare.
[[nodiscard]] std::vector<Genotype> propose(const Problem& problem, const SearchCourse& course, const SearchState& state,
                                            const std::vector<Genotype>& initial, std::int64_t generation, std::int64_t count);

}  // namespace crossloom
