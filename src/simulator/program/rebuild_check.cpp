#include "simulator/program/rebuild_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/program/findings.h"

namespace crossloom {
namespace {

/// One weight's cells in a crossbar.
struct Programmed {
  std::int32_t block = -1;  ///< of the crossbar's blocks; -1 = not programmed
  std::uint32_t weight = 0;
};

/// Position in a layer's weight tensor [o][i][y][x], moved on in row-major order.
class TensorWalk {
 public:
  /// At row `row` of the im2col order (input channel, kernel row, kernel column) of output channel `output_channel`.
  TensorWalk(const WeightMatrix& matrix, std::int64_t output_channel, std::int64_t row)
      : num_inputs_(matrix.num_input_channels / matrix.num_groups),
        height_(matrix.kernel_height),
        width_(matrix.kernel_width),
        output_(output_channel),
        input_(row / (height_ * width_)),
        y_(row / width_ % height_),
        x_(row % width_) {}

  [[nodiscard]] std::int64_t index() const { return ((output_ * num_inputs_ + input_) * height_ + y_) * width_ + x_; }

  void advance() {
    if (++x_ < width_) return;
    x_ = 0;
    if (++y_ < height_) return;
    y_ = 0;
    ++input_;
  }

 private:
  std::int64_t num_inputs_;
  std::int64_t height_;
  std::int64_t width_;
  std::int64_t output_;
  std::int64_t input_;
  std::int64_t y_;
  std::int64_t x_;
};

class Rebuild {
 public:
  explicit Rebuild(const TileMap& tile_map) : tile_map_(tile_map) {
    for (std::size_t i = 0; i < tile_map.matrices.size(); ++i) {
      std::vector<std::vector<bool>>& copies = is_held_.emplace_back();
      const WeightMatrix& matrix = tile_map.matrices[i];
      copies.assign(static_cast<std::size_t>(tile_map.num_copies[i]),
                    std::vector<bool>(static_cast<std::size_t>(matrix.rows * matrix.cols)));
    }
  }

  [[nodiscard]] std::vector<std::string> run() {
    for (std::size_t i = 0; i < tile_map_.crossbars.size(); ++i) {
      const CrossbarContents& contents = tile_map_.crossbars[i];
      const std::string path = fmt::format("crossbars[{}]", i);
      program(contents, path);
      for (std::size_t j = 0; j < contents.blocks.size(); ++j) {
        read_back(contents.blocks[j], static_cast<std::int32_t>(j), fmt::format("{}.blocks[{}]", path, j));
      }
    }
    report_missing();
    return findings_.take();
  }

 private:
  [[nodiscard]] const WeightMatrix& matrix_of(const PlacedBlock& block) const {
    return tile_map_.matrices[static_cast<std::size_t>(block.matrix)];
  }
  /// Cells lie column by column, as the weights of an output channel do.
  [[nodiscard]] Programmed& cell(std::int64_t row, std::int64_t col) {
    return cells_[static_cast<std::size_t>(col * num_rows_ + row)];
  }

  void program(const CrossbarContents& contents, const std::string& path) {
    std::int64_t num_cols = 0;
    num_rows_ = 0;
    for (const PlacedBlock& block : contents.blocks) {
      num_rows_ = std::max(num_rows_, block.row0 + block.rows);
      num_cols = std::max(num_cols, block.col0 + block.cols);
    }
    cells_.assign(static_cast<std::size_t>(num_rows_ * num_cols), {});
    for (std::size_t j = 0; j < contents.blocks.size(); ++j) {
      const PlacedBlock& block = contents.blocks[j];
      const WeightMatrix& matrix = matrix_of(block);
      const auto number = static_cast<std::int32_t>(j);
      std::int32_t overlapped = -1;
      for (std::int64_t col = 0; col < block.cols; ++col) {
        for (std::int64_t row = 0; row < block.rows; ++row) {
          Programmed& target = cell(block.row0 + row, block.col0 + col);
          if (target.block >= 0 && target.block != overlapped) {
            overlapped = target.block;
            findings_.add(fmt::format("{}.blocks[{}]: overlaps blocks[{}] at row {}, column {}", path, j, overlapped,
                                      block.row0 + row, block.col0 + col));
          }
          const std::int64_t weight = weight_index(matrix, block.matrix_row0 + row, block.matrix_col0 + col);
          target = {.block = number, .weight = static_cast<std::uint32_t>(weight)};
        }
      }
    }
  }

  /// At most one message of each kind a block: what is wrong with one of its weights is wrong with most.
  void read_back(const PlacedBlock& block, std::int32_t number, const std::string& path) {
    const WeightMatrix& matrix = matrix_of(block);
    std::vector<bool>& is_held = is_held_[static_cast<std::size_t>(block.matrix)][static_cast<std::size_t>(block.copy)];
    bool is_reported = false;
    for (std::int64_t col = 0; col < block.cols; ++col) {
      TensorWalk expected(matrix, block.matrix_col0 + col, block.matrix_row0);
      for (std::int64_t row = 0; row < block.rows; ++row, expected.advance()) {
        const Programmed& held = cell(block.row0 + row, block.col0 + col);
        const auto position = static_cast<std::size_t>(expected.index());
        if (!is_reported && held.block == number && held.weight != position) {
          is_reported = true;
          findings_.add(fmt::format("{}: row {}, column {} holds weight {} of {}, the layer has {} there", path,
                                    block.row0 + row, block.col0 + col, held.weight, matrix.layer, position));
        }
        if (!is_reported && is_held[position]) {
          is_reported = true;
          findings_.add(fmt::format("{}: row {}, column {} of matrices[{}] ({}), copy {}, is held twice", path,
                                    block.matrix_row0 + row, block.matrix_col0 + col, block.matrix, matrix.layer, block.copy));
        }
        is_held[position] = true;
      }
    }
  }

  void report_missing() {
    for (std::size_t i = 0; i < is_held_.size(); ++i) {
      const WeightMatrix& matrix = tile_map_.matrices[i];
      for (std::size_t copy = 0; copy < is_held_[i].size(); ++copy) {
        const std::vector<bool>& is_held = is_held_[i][copy];
        const auto missing = std::find(is_held.begin(), is_held.end(), false);
        if (missing == is_held.end()) continue;
        const std::int64_t weight = missing - is_held.begin();
        findings_.add(fmt::format("matrices[{}] ({}), copy {}: row {}, column {} and {} other weights lie in no block", i,
                                  matrix.layer, copy, weight % matrix.rows, weight / matrix.rows,
                                  std::count(missing, is_held.end(), false) - 1));
      }
    }
  }

  const TileMap& tile_map_;
  std::vector<std::vector<std::vector<bool>>> is_held_;  ///< by matrix, copy, weight
  std::vector<Programmed> cells_;
  std::int64_t num_rows_ = 0;
  Findings findings_;
};

}  // namespace

std::vector<std::string> check_rebuild(const TileMap& tile_map) { return Rebuild(tile_map).run(); }

}  // namespace crossloom
