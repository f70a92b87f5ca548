#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/duplication/crossbar_sharing.h"

namespace crossloom {

struct GroupSearchOptions {
  std::int64_t num_inputs = 64;        ///< whose latency is made short
  double latency_weight = 0.25;        ///< of the logarithm of one input's latency, beside that of `num_inputs`
  std::int64_t max_latency_turns = 0;  ///< of one input, 0 = any
  std::int64_t num_steps = 0;          ///< crossbars looked at for a place: the time spent, alike on every machine
  std::int64_t seed = 0;
};

/// Copies of layers on the crossbars of a budget.
struct SharedMapping {
  std::vector<CrossbarGroup> groups;
  std::vector<std::int64_t> num_copies;   ///< of each layer
  std::vector<CopyPlacement> placements;  ///< in the order of layers, copies and blocks
  std::int64_t latency_turns = 0;         ///< of one input
  std::int64_t batch_turns = 0;           ///< until the last of `num_inputs` is done (exclusive_pipeline.h)
};

/// Deals layers and crossbars out to groups that share nothing, so that no layer waits for another group's: a group of layers
/// that exclude each other is a server with one queue, an input takes it for the sum of its layers' turns T_g, the inputs
/// follow each other in max T_g, and one input alone takes sum T_g. Simulated annealing (Kirkpatrick, Gelatt, Vecchi, Science
/// 1983) from several numbers of groups moves layers and crossbars between groups and fills each by GroupFiller; the model is
/// sum T_g + (inputs - 1) x a smooth max T_g. The best then go on under `exclusive_pipeline_turns`, which knows who really
/// shares a crossbar and what queues cost. Where groups are too tight for single copies, one group is packed by the default
/// packer's search. Nothing when that finds no packing either. Deterministic.
[[nodiscard]] std::optional<SharedMapping> group_layers(const SharingProblem& problem, const GroupSearchOptions& options);

}  // namespace crossloom
