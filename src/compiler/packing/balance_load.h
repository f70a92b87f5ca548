#pragma once

#include <cstdint>
#include <span>

#include "compiler/packing/packing.h"

namespace crossloom {

/// A crossbar serves one block at a time, so the busiest crossbar bounds the throughput: blocks move or change places between
/// crossbars while that makes the busiest one less busy, the others never as busy as it was. Then the next busiest one, down to
/// the load of the busiest block, below which no packing comes. `loads` are the times that an input takes each item, at least
/// 0; at most `max_questions` times it is asked whether blocks fit together. The crossbars stay those of `packing`, which is
/// valid. Deterministic. O(questions x items).
[[nodiscard]] Packing balance_load(const PackingProblem& problem, Packing packing, std::span<const std::int64_t> loads,
                                   std::int64_t max_questions);

/// Load of the busiest crossbar.
[[nodiscard]] std::int64_t busiest_load(const Packing& packing, std::span<const std::int64_t> loads);

}  // namespace crossloom
