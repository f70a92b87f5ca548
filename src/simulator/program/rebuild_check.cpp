#include "simulator/program/rebuild_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "simulator/program/findings.h"

namespace crossloom {
namespace {

/// One weight's cells in a crossbar: its index in the layer's tensor, modulo 2^32, plus 1; 0 = not programmed. One small word,
/// so that columns are compared many cells at a time.
using Programmed = std::uint32_t;

Programmed programmed(std::int64_t weight) { return static_cast<Programmed>(weight + 1); }

/// Index into a layer's weight tensor [o][i][y][x] of row `row`, counted in (input channel, kernel row, kernel column) order,
/// of output channel `output`. In that order the next row is the next element of the tensor.
std::int64_t tensor_index(const WeightMatrix& matrix, std::int64_t output, std::int64_t row) {
  const std::int64_t num_inputs = matrix.num_input_channels / matrix.num_groups;
  const std::int64_t x = row % matrix.kernel_width;
  const std::int64_t y = row / matrix.kernel_width % matrix.kernel_height;
  const std::int64_t input = row / (matrix.kernel_width * matrix.kernel_height);
  return ((output * num_inputs + input) * matrix.kernel_height + y) * matrix.kernel_width + x;
}

/// Which weights of a copy have been read back, one bit each.
class WeightSet {
 public:
  explicit WeightSet(std::int64_t size) : words_(static_cast<std::size_t>((size + 63) / 64)), size_(size) {}

  /// Adds [first, first + count); returns whether one of them was there already.
  [[nodiscard]] bool insert(std::int64_t first, std::int64_t count) {
    bool was_there = false;
    for (std::int64_t weight = first, end = first + count; weight < end;) {
      const std::int64_t num_bits = std::min(64 - weight % 64, end - weight);
      const std::uint64_t bits = (~std::uint64_t{0} >> (64 - num_bits)) << (weight % 64);
      std::uint64_t& word = words_[static_cast<std::size_t>(weight / 64)];
      was_there = was_there || (word & bits) != 0;
      word |= bits;
      weight += num_bits;
    }
    return was_there;
  }

  [[nodiscard]] std::int64_t num_missing() const {
    std::int64_t num_held = 0;
    for (const std::uint64_t word : words_) num_held += std::popcount(word);
    return size_ - num_held;
  }
  /// Only when one is missing.
  [[nodiscard]] std::int64_t first_missing() const {
    const auto word = std::ranges::find_if(words_, [](std::uint64_t bits) { return ~bits != 0; });
    return (word - words_.begin()) * 64 + std::countr_one(*word);
  }

 private:
  std::vector<std::uint64_t> words_;
  std::int64_t size_;
};

class Rebuild {
 public:
  explicit Rebuild(const TileMap& tile_map) : tile_map_(tile_map) {
    for (std::size_t i = 0; i < tile_map.matrices.size(); ++i) {
      const WeightMatrix& matrix = tile_map.matrices[i];
      read_.emplace_back(static_cast<std::size_t>(tile_map.num_copies[i]), WeightSet(matrix.rows * matrix.cols));
    }
  }

  [[nodiscard]] std::vector<std::string> run() {
    for (std::size_t i = 0; i < tile_map_.crossbars.size(); ++i) {
      const CrossbarContents& contents = tile_map_.crossbars[i];
      const std::string path = fmt::format("crossbars[{}]", i);
      program(contents, path);
      for (std::size_t j = 0; j < contents.blocks.size(); ++j) {
        read_back(contents.blocks, j, fmt::format("{}.blocks[{}]", path, j));
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
    cells_.assign(static_cast<std::size_t>(num_rows_ * num_cols), 0);
    for (std::size_t j = 0; j < contents.blocks.size(); ++j) {
      const PlacedBlock& block = contents.blocks[j];
      const WeightMatrix& matrix = matrix_of(block);
      const auto num_block_rows = static_cast<Programmed>(block.rows);
      std::optional<std::size_t> overlapped;
      for (std::int64_t col = 0; col < block.cols; ++col) {
        Programmed* column = &cell(block.row0, block.col0 + col);
        Programmed any = 0;
        for (Programmed row = 0; row < num_block_rows; ++row) any |= column[row];
        if (any != 0) report_overlaps(contents.blocks, j, col, path, overlapped);
        const Programmed first = programmed(weight_index(matrix, block.matrix_row0, block.matrix_col0 + col));
        for (Programmed row = 0; row < num_block_rows; ++row) column[row] = first + row;
      }
    }
  }

  /// The last of `blocks` over a place of the crossbar.
  [[nodiscard]] static std::optional<std::size_t> last_over(std::span<const PlacedBlock> blocks, std::int64_t row,
                                                            std::int64_t col) {
    for (std::size_t i = blocks.size(); i-- > 0;) {
      const PlacedBlock& block = blocks[i];
      if (row >= block.row0 && row < block.row0 + block.rows && col >= block.col0 && col < block.col0 + block.cols) return i;
    }
    return std::nullopt;
  }

  /// One message for each earlier block that the column meets.
  void report_overlaps(std::span<const PlacedBlock> blocks, std::size_t number, std::int64_t col, const std::string& path,
                       std::optional<std::size_t>& overlapped) {
    const PlacedBlock& block = blocks[number];
    for (std::int64_t row = block.row0; row < block.row0 + block.rows; ++row) {
      const std::optional<std::size_t> other = last_over(blocks.first(number), row, block.col0 + col);
      if (!other || other == overlapped) continue;
      overlapped = other;
      findings_.add(
          fmt::format("{}.blocks[{}]: overlaps blocks[{}] at row {}, column {}", path, number, *other, row, block.col0 + col));
    }
  }

  /// At most one message a block: what is wrong with one of its columns is wrong with most.
  void read_back(std::span<const PlacedBlock> blocks, std::size_t number, const std::string& path) {
    const PlacedBlock& block = blocks[number];
    const WeightMatrix& matrix = matrix_of(block);
    WeightSet& read = read_[static_cast<std::size_t>(block.matrix)][static_cast<std::size_t>(block.copy)];
    const std::int64_t first_of_block = tensor_index(matrix, block.matrix_col0, block.matrix_row0);
    const std::int64_t weights_a_channel = tensor_index(matrix, 1, 0);
    const auto num_block_rows = static_cast<Programmed>(block.rows);
    bool is_reported = false;
    for (std::int64_t col = 0; col < block.cols; ++col) {
      const std::int64_t first = first_of_block + col * weights_a_channel;
      const Programmed* column = &cell(block.row0, block.col0 + col);
      const Programmed expected = programmed(first);
      Programmed difference = 0;
      for (Programmed row = 0; row < num_block_rows; ++row) difference |= column[row] ^ (expected + row);
      for (std::int64_t row = 0; row < block.rows && difference != 0 && !is_reported; ++row) {
        // Another block's weight here has been reported as an overlap.
        if (column[row] == expected + static_cast<Programmed>(row) ||
            last_over(blocks, block.row0 + row, block.col0 + col) != number)
          continue;
        is_reported = true;
        findings_.add(fmt::format("{}: row {}, column {} holds weight {} of {}, the layer has {} there", path, block.row0 + row,
                                  block.col0 + col, column[row] - 1, matrix.layer, first + row));
      }
      if (!read.insert(first, block.rows) || is_reported) continue;
      is_reported = true;
      findings_.add(fmt::format("{}: column {} from row {} on of matrices[{}] ({}), copy {}, is held twice", path,
                                block.matrix_col0 + col, block.matrix_row0, block.matrix, matrix.layer, block.copy));
    }
  }

  void report_missing() {
    for (std::size_t i = 0; i < read_.size(); ++i) {
      const WeightMatrix& matrix = tile_map_.matrices[i];
      for (std::size_t copy = 0; copy < read_[i].size(); ++copy) {
        const std::int64_t num_missing = read_[i][copy].num_missing();
        if (num_missing == 0) continue;
        const std::int64_t weight = read_[i][copy].first_missing();
        findings_.add(fmt::format("matrices[{}] ({}), copy {}: row {}, column {} and {} other weights lie in no block", i,
                                  matrix.layer, copy, weight % matrix.rows, weight / matrix.rows, num_missing - 1));
      }
    }
  }

  const TileMap& tile_map_;
  std::vector<std::vector<WeightSet>> read_;  ///< by matrix and copy
  std::vector<Programmed> cells_;
  std::int64_t num_rows_ = 0;
  Findings findings_;
};

}  // namespace

std::vector<std::string> check_rebuild(const TileMap& tile_map) { return Rebuild(tile_map).run(); }

}  // namespace crossloom
