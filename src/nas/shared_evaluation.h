#pragma once

#include <span>
#include <vector>

#include "nas/problem.h"
#include "sweep/work_sharing.h"

namespace crossloom {

/// evaluate_all by the workers of a sharing, of which this process is the leader. The result depends on the phenotypes alone.
[[nodiscard]] std::vector<Evaluation> evaluate_shared(const Problem& problem, std::span<const Genotype> phenotypes,
                                                      WorkSharing& sharing);

/// The part of a process that is not the leader: evaluates the phenotypes it is sent, until the search ends.
void work_on_search(const Problem& problem, WorkSharing& sharing);

}  // namespace crossloom
