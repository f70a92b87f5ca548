#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/packing/free_cuts.h"

namespace crossloom {
namespace {

using LayerBlocks = std::map<std::int64_t, std::vector<CutBlock>>;

LayerBlocks by_layer(const std::vector<CutBlock>& blocks) {
  LayerBlocks layers;
  for (const CutBlock& block : blocks) layers[block.layer].push_back(block);
  return layers;
}

struct MatrixSize {
  std::int64_t rows = 0;
  std::int64_t cols = 0;
};

MatrixSize size_of(const std::vector<CutBlock>& blocks) {
  MatrixSize size;
  for (const CutBlock& block : blocks) {
    size.rows = std::max(size.rows, block.matrix_row0 + block.rows);
    size.cols = std::max(size.cols, block.matrix_col0 + block.cols);
  }
  return size;
}

bool overlap(const CutBlock& a, const CutBlock& b) {
  return a.matrix_row0 < b.matrix_row0 + b.rows && b.matrix_row0 < a.matrix_row0 + a.rows &&
         a.matrix_col0 < b.matrix_col0 + b.cols && b.matrix_col0 < a.matrix_col0 + a.cols;
}

/// Blocks inside the matrix, apart from each other and with its area are a tiling of it.
void check_tiling(const MatrixSize& matrix, const std::vector<CutBlock>& blocks, std::vector<std::string>& findings) {
  std::int64_t area = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const CutBlock& block = blocks[i];
    area += block.rows * block.cols;
    if (block.rows < 1 || block.cols < 1 || block.matrix_row0 < 0 || block.matrix_col0 < 0 ||
        block.matrix_row0 + block.rows > matrix.rows || block.matrix_col0 + block.cols > matrix.cols) {
      findings.push_back(fmt::format("layer {}: block {} of {} x {} at ({}, {}) is not a part of {} x {} weights", block.layer,
                                     i, block.rows, block.cols, block.matrix_row0, block.matrix_col0, matrix.rows,
                                     matrix.cols));
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (overlap(block, blocks[j])) findings.push_back(fmt::format("layer {}: blocks {} and {} overlap", block.layer, j, i));
    }
  }
  if (area != matrix.rows * matrix.cols) {
    findings.push_back(fmt::format("layer {}: the blocks have {} weights, the matrix {} x {}", blocks.front().layer, area,
                                   matrix.rows, matrix.cols));
  }
}

}  // namespace

std::vector<std::string> verify_cuts(const std::vector<CutBlock>& original, const std::vector<CutBlock>& blocks) {
  std::vector<std::string> findings;
  const LayerBlocks before = by_layer(original);
  LayerBlocks after = by_layer(blocks);
  for (const auto& [layer, parts] : before) {
    const auto found = after.find(layer);
    if (found == after.end()) {
      findings.push_back(fmt::format("layer {}: has no blocks", layer));
      continue;
    }
    if (std::ranges::any_of(parts, &CutBlock::is_fixed)) {
      if (found->second != parts) findings.push_back(fmt::format("layer {}: its fixed blocks have changed", layer));
    } else {
      check_tiling(size_of(parts), found->second, findings);
    }
    after.erase(found);
  }
  for (const auto& [layer, parts] : after)
    findings.push_back(fmt::format("layer {}: is not among those to cut, but has {} blocks", layer, parts.size()));
  return findings;
}

}  // namespace crossloom
