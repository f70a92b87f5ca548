#pragma once

#include <cstdint>
#include <vector>

#include "compiler/duplication/crossbar_sharing.h"
#include "compiler/packing/free_cuts.h"
#include "compiler/rnc/rnc_layers.h"

namespace crossloom {

/// Time of one activation of any block in RNC's evaluator, in ns: eight input bits through DAC, crossbar, ADC, shifter,
/// multiplexer and registers (sum of its published parts).
inline constexpr double kRncActivationNs = 152.77319048;

/// Who goes first of layers that ask for a crossbar at one instant; RNC's rules leave it open.
enum class SimultaneousOrder {
  kArrival,          ///< as the events come
  kLaterLayerFirst,  ///< whoever is nearer to its end
};

/// A mapping as the evaluator sees it: for each layer the activations that its blocks take one after another, and the crossbars
/// of each of its copies.
struct RncMapping {
  struct Layer {
    std::int64_t num_activations = 0;  ///< of its longest block
    std::int64_t max_copies = 1;
    std::vector<std::vector<std::int64_t>> copies;  ///< crossbars of each copy, one a block
    friend bool operator==(const Layer&, const Layer&) = default;
  };
  std::vector<Layer> layers;
  std::int64_t num_crossbars = 0;
  friend bool operator==(const RncMapping&, const RncMapping&) = default;
};

/// Joins placed blocks to layers. Throws UserError when they are not a whole number of copies of every layer's blocks, or, of a
/// layer that may be cut anywhere (none is depthwise), of its weights.
[[nodiscard]] RncMapping rnc_mapping(const std::vector<RncLayer>& layers, const std::vector<RncPlacement>& placements,
                                     std::int64_t depth_split, CutRule cuts = CutRule::kCrossbar);

/// Activations until the last of `num_samples` inputs is done; times kRncActivationNs they are the latency. The rules: layer i
/// holds all blocks of m = min(copies, max_copies) copies for c / m activations. Boxes of one layer on one crossbar run in
/// rounds. A layer waits for the layer before of its own input, the first for that of the input before, and serves one input at
/// a time; then it asks for all its crossbars, each of which serves one block at a time, first come first served, starts when
/// it has them and frees all at its end. O(samples x layers x blocks a layer x log).
[[nodiscard]] std::int64_t rnc_latency_activations(const RncMapping& mapping, std::int64_t num_samples, Leftover leftover,
                                                   SimultaneousOrder order);

/// The same without contention between layers: sum of all layers + (samples - 1) x the longest. Exact where no crossbar is
/// shared.
[[nodiscard]] std::int64_t rnc_ideal_activations(const RncMapping& mapping, std::int64_t num_samples, Leftover leftover);

/// No order of requests is faster: the layers that share a crossbar exclude each other, so the busiest crossbar is taken for
/// the sum of theirs, every input; and one input takes all layers.
[[nodiscard]] std::int64_t rnc_load_bound_activations(const RncMapping& mapping, std::int64_t num_samples, Leftover leftover);

}  // namespace crossloom
