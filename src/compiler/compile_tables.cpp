#include "compiler/compile_tables.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <iterator>

#include "support/csv.h"
#include "support/number_text.h"

namespace crossloom {

std::string layers_csv(const std::vector<LayerSummary>& layers) {
  std::string csv = "layer,rows,cols,num_blocks,num_copies,num_windows,num_activations,interval_ns\n";
  for (const LayerSummary& layer : layers) {
    csv += fmt::format("{},{},{},{},{},{},{},{}\n", csv_field(layer.layer), layer.rows, layer.cols, layer.num_blocks,
                       layer.num_copies, layer.num_windows, layer.num_activations, shortest_text(layer.interval_ns));
  }
  return csv;
}

std::string blocks_csv(const TileMap& tile_map) {
  std::string csv = "crossbar,tile,layer,copy,matrix_row0,matrix_col0,rows,cols,row0,col0\n";
  std::vector<std::string> layers;
  layers.reserve(tile_map.matrices.size());
  for (const WeightMatrix& matrix : tile_map.matrices) layers.push_back(csv_field(matrix.layer));
  for (const CrossbarContents& contents : tile_map.crossbars) {
    for (const PlacedBlock& block : contents.blocks) {
      fmt::format_to(std::back_inserter(csv), FMT_COMPILE("{},{},{},{},{},{},{},{},{},{}\n"), contents.crossbar, contents.tile,
                     layers.at(static_cast<std::size_t>(block.matrix)), block.copy, block.matrix_row0, block.matrix_col0,
                     block.rows, block.cols, block.row0, block.col0);
    }
  }
  return csv;
}

}  // namespace crossloom
