#include "accuracy/mapped_layer.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/lowering/lower.h"
#include "support/error.h"

namespace crossloom {
namespace {

void add_areas(const PlacedBlock& block, std::int64_t index, const WeightMatrix& matrix, std::int64_t active_rows,
               std::vector<ReadArea>& areas) {
  const std::int64_t group_cols = matrix.cols / matrix.num_groups;
  const std::int64_t last_col = block.matrix_col0 + block.cols;
  const std::int64_t last_row = block.matrix_row0 + block.rows;
  for (std::int64_t col = block.matrix_col0; col < last_col;) {
    const std::int64_t group = col / group_cols;
    const std::int64_t end = std::min(last_col, (group + 1) * group_cols);
    for (std::int64_t row = block.matrix_row0; row < last_row; row += active_rows) {
      areas.push_back({.block = index,
                       .group = group,
                       .first_row = row,
                       .num_rows = std::min(active_rows, last_row - row),
                       .first_col = col,
                       .num_cols = end - col});
    }
    col = end;
  }
}

void require_same_matrices(const LoweredNetwork& lowered, const TileMap& tile_map) {
  if (lowered.name != tile_map.network) {
    throw UserError(fmt::format("tile map: is of network {}, allowed: {}", tile_map.network, lowered.name));
  }
  for (std::size_t i = 0; i < std::max(lowered.matrices.size(), tile_map.matrices.size()); ++i) {
    if (i < lowered.matrices.size() && i < tile_map.matrices.size() && lowered.matrices[i] == tile_map.matrices[i]) continue;
    throw UserError(fmt::format("tile map: matrices[{}]: is not of layer {} of this network, it was compiled from another one",
                                i, i < lowered.matrices.size() ? lowered.matrices[i].layer : "(none)"));
  }
}

}  // namespace

std::vector<MappedLayer> map_layers(const Network& network, const TileMap& tile_map) {
  require_same_matrices(lower(network), tile_map);
  std::vector<MappedLayer> result;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (!runs_in_crossbars(network.layers[i])) continue;
    const auto matrix = static_cast<std::int64_t>(result.size());
    MappedLayer& layer = result.emplace_back();
    layer.layer = i;
    layer.matrix = matrix;
    layer.num_copies = tile_map.num_copies.at(result.size() - 1);
  }
  for (const CrossbarContents& crossbar : tile_map.crossbars) {
    for (const PlacedBlock& block : crossbar.blocks) {
      MappedLayer& layer = result.at(static_cast<std::size_t>(block.matrix));
      const WeightMatrix& matrix = tile_map.matrices[static_cast<std::size_t>(block.matrix)];
      add_areas(block, static_cast<std::int64_t>(layer.blocks.size()), matrix, tile_map.chip.crossbar.active_rows, layer.areas);
      layer.blocks.push_back(block);
    }
  }
  for (const MappedLayer& layer : result) {
    const WeightMatrix& matrix = tile_map.matrices[static_cast<std::size_t>(layer.matrix)];
    std::int64_t num_weights = 0;
    for (const PlacedBlock& block : layer.blocks) num_weights += block.rows * block.cols;
    if (num_weights == matrix.rows * matrix.cols * layer.num_copies) continue;
    throw UserError(fmt::format("tile map: layer {}: its blocks hold {} weights, allowed: {} in {} copies", matrix.layer,
                                num_weights, matrix.rows * matrix.cols * layer.num_copies, layer.num_copies));
  }
  return result;
}

}  // namespace crossloom
