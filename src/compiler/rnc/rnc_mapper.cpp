#include "compiler/rnc/rnc_mapper.h"

#include <algorithm>
#include <set>
#include <utility>

namespace crossloom {
namespace {

/// RNC's rules of sharing a crossbar.
PackingProblem rnc_rules(std::int64_t num_crossbars) {
  return {.crossbar_rows = kRncCrossbarSide,
          .crossbar_cols = kRncCrossbarSide,
          .num_crossbars = num_crossbars,
          .max_blocks_per_crossbar = 6,
          .conflict_distance = 1,
          .items = {}};
}

std::vector<std::vector<RncBlock>> all_blocks(const std::vector<RncLayer>& layers, std::int64_t depth_split) {
  std::vector<std::vector<RncBlock>> blocks;
  blocks.reserve(layers.size());
  for (const RncLayer& layer : layers) blocks.push_back(rnc_blocks(layer, depth_split, kRncCrossbarSide, kRncCrossbarSide));
  return blocks;
}

RncResult joined(const std::vector<RncLayer>& layers, const std::vector<std::vector<RncBlock>>& blocks,
                 const std::vector<CopyPlacement>& placements) {
  RncResult result;
  result.mapping.layers.resize(layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    RncMapping::Layer& layer = result.mapping.layers[i];
    layer.max_copies = layers[i].max_copies;
    for (const RncBlock& block : blocks[i]) layer.num_activations = std::max(layer.num_activations, block.num_activations);
  }
  std::int64_t area = 0;
  std::set<std::int64_t> crossbars;
  for (const CopyPlacement& placement : placements) {
    const RncBlock& block = blocks[placement.layer][placement.block];
    const std::int64_t crossbar = placement.place.crossbar;
    result.placements.push_back({.layer = static_cast<std::int64_t>(placement.layer),
                                 .crossbar = crossbar,
                                 .row0 = placement.place.row0,
                                 .col0 = placement.place.col0,
                                 .rows = block.rows,
                                 .cols = block.cols});
    std::vector<std::vector<std::int64_t>>& copies = result.mapping.layers[placement.layer].copies;
    if (static_cast<std::int64_t>(copies.size()) <= placement.copy) copies.resize(static_cast<std::size_t>(placement.copy) + 1);
    copies[static_cast<std::size_t>(placement.copy)].push_back(crossbar);
    result.mapping.num_crossbars = std::max(result.mapping.num_crossbars, crossbar + 1);
    crossbars.insert(crossbar);
    area += block.rows * block.cols;
  }
  result.num_crossbars = static_cast<std::int64_t>(crossbars.size());
  const auto cells = static_cast<double>(result.num_crossbars * kRncCrossbarSide * kRncCrossbarSide);
  result.cell_utilization_fraction = static_cast<double>(area) / std::max(cells, 1.0);
  return result;
}

}  // namespace

PackingProblem rnc_packing_problem(const std::vector<RncLayer>& layers, std::int64_t depth_split, std::int64_t num_crossbars) {
  PackingProblem problem = rnc_rules(num_crossbars);
  const std::vector<std::vector<RncBlock>> blocks = all_blocks(layers, depth_split);
  for (std::size_t layer = 0; layer < blocks.size(); ++layer) {
    for (const RncBlock& block : blocks[layer])
      problem.items.push_back({.layer = static_cast<std::int64_t>(layer), .rows = block.rows, .cols = block.cols});
  }
  return problem;
}

RncResult rnc_result(const std::vector<RncLayer>& layers, std::int64_t depth_split, const Packing& packing) {
  const std::vector<std::vector<RncBlock>> blocks = all_blocks(layers, depth_split);
  std::vector<CopyPlacement> placements;
  for (std::size_t layer = 0; layer < blocks.size(); ++layer) {
    for (std::size_t block = 0; block < blocks[layer].size(); ++block)
      placements.push_back({.layer = layer, .copy = 0, .block = block, .place = packing.placements.at(placements.size())});
  }
  return joined(layers, blocks, placements);
}

RncResult rnc_result(const std::vector<RncLayer>& layers, std::int64_t depth_split, const CutPacking& packing) {
  std::vector<std::vector<RncBlock>> blocks = all_blocks(layers, depth_split);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!layers[i].is_depthwise) blocks[i].clear();
  }
  std::vector<CopyPlacement> placements;
  std::vector<std::size_t> num_seen(layers.size(), 0);
  for (std::size_t i = 0; i < packing.blocks.size(); ++i) {
    const CutBlock& block = packing.blocks[i];
    const auto layer = static_cast<std::size_t>(block.layer);
    if (!layers[layer].is_depthwise)
      blocks[layer].push_back({.rows = block.rows, .cols = block.cols, .num_activations = layers[layer].num_activations});
    placements.push_back({.layer = layer, .copy = 0, .block = num_seen[layer]++, .place = packing.packing.placements.at(i)});
  }
  return joined(layers, blocks, placements);
}

std::vector<CutBlock> rnc_cut_blocks(const std::vector<RncLayer>& layers, std::int64_t depth_split) {
  std::vector<CutBlock> cut;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const RncLayer& layer = layers[i];
    CutBlock at{.layer = static_cast<std::int64_t>(i), .is_fixed = layer.is_depthwise};
    for (const RncBlock& block : rnc_blocks(layer, depth_split, kRncCrossbarSide, kRncCrossbarSide)) {
      at.rows = block.rows;
      at.cols = block.cols;
      cut.push_back(at);
      if (at.is_fixed) continue;  // where such a block lies in the matrix plays no part
      at.matrix_col0 += block.cols;
      if (at.matrix_col0 < layer.cols) continue;
      at.matrix_col0 = 0;
      at.matrix_row0 += block.rows;
    }
  }
  return cut;
}

std::optional<RncResult> map_for_rnc(const std::vector<RncLayer>& layers, std::int64_t depth_split, std::int64_t num_crossbars,
                                     const GroupSearchOptions& options) {
  const std::vector<std::vector<RncBlock>> blocks = all_blocks(layers, depth_split);
  SharingProblem problem{.rules = rnc_rules(num_crossbars), .layers = {}, .leftover = Leftover::kDropped};
  for (std::size_t i = 0; i < layers.size(); ++i) {
    SharingLayer layer{.blocks = {}, .num_turns = 0, .max_copies = layers[i].max_copies};
    for (const RncBlock& block : blocks[i]) {
      layer.blocks.push_back({.rows = block.rows, .cols = block.cols});
      layer.num_turns = std::max(layer.num_turns, block.num_activations);
    }
    problem.layers.push_back(std::move(layer));
  }
  const std::optional<SharedMapping> mapping = group_layers(problem, options);
  if (!mapping) return std::nullopt;
  return joined(layers, blocks, mapping->placements);
}

std::optional<double> rnc_batch_latency_ns(const std::vector<RncLayer>& layers, std::int64_t depth_split,
                                           std::int64_t num_crossbars, std::int64_t num_inputs, std::int64_t num_steps) {
  const GroupSearchOptions options{.num_inputs = num_inputs, .latency_weight = 0.0, .num_steps = num_steps};
  const std::optional<RncResult> result = map_for_rnc(layers, depth_split, num_crossbars, options);
  if (!result) return std::nullopt;
  return kRncActivationNs * static_cast<double>(rnc_latency_activations(result->mapping, num_inputs, Leftover::kDropped,
                                                                        SimultaneousOrder::kArrival));
}

double rnc_isaac_batch_latency_ns(const std::vector<RncLayer>& layers, std::int64_t num_inputs) {
  const std::vector<std::vector<RncBlock>> blocks = all_blocks(layers, 1);
  std::vector<CopyPlacement> placements;
  for (std::size_t layer = 0; layer < blocks.size(); ++layer) {
    for (std::size_t block = 0; block < blocks[layer].size(); ++block) {
      const auto crossbar = static_cast<std::int64_t>(placements.size());
      placements.push_back({.layer = layer, .copy = 0, .block = block, .place = {.crossbar = crossbar}});
    }
  }
  const RncMapping mapping = joined(layers, blocks, placements).mapping;
  return kRncActivationNs * static_cast<double>(rnc_ideal_activations(mapping, num_inputs, Leftover::kDropped));
}

}  // namespace crossloom
