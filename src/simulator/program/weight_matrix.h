#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/fields.h"

namespace crossloom {

/// How a layer's weights become a matrix whose columns are output channels.
/// - im2col: one activation reads all columns; rows are the values of a window in (channel, kernel row, kernel column) order
///   (Chellapilla, Puri, Simard, IWFHR 2006).
/// - grouped_columns: the columns of all groups of a grouped or depthwise convolution stand side by side on the same rows,
/// which
///   hold one group's window; an activation drives one group's inputs and reads that group's columns, so a window takes one
///   activation a group.
enum class MappingKind { kIm2col, kGroupedColumns };
[[nodiscard]] std::span<const std::string_view> enum_names(MappingKind);

/// Some neighbouring rows and columns of a weight matrix.
struct MatrixPart {
  std::int64_t row0 = 0;
  std::int64_t col0 = 0;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  friend bool operator==(const MatrixPart&, const MatrixPart&) = default;
};

/// A mapping of one layer to a matrix. The layer's full matrix has num_input_channels / num_groups * kernel_height *
/// kernel_width rows and num_output_channels columns; its entry (row, col) is weight `col * full rows + row` of the layer's
/// tensor [num_output_channels][num_input_channels / num_groups][kernel_height][kernel_width] in row-major order, for both
/// kinds. A linear layer is a 1x1 kernel. Rows and columns of zeros may be dropped: their inputs are not driven, their sums are
/// zero. The matrix is what is left, closed up; parts of it that are zero may be dropped as well.
struct WeightMatrix {
  std::string layer;
  MappingKind mapping = MappingKind::kIm2col;
  std::int64_t num_input_channels = 0;
  std::int64_t num_output_channels = 0;
  std::int64_t kernel_height = 0;
  std::int64_t kernel_width = 0;
  std::int64_t num_groups = 1;
  std::int64_t rows = 0;                        ///< that are left
  std::int64_t cols = 0;                        ///< that are left
  std::vector<std::int64_t> dropped_rows = {};  ///< of the full matrix, ascending
  std::vector<std::int64_t> dropped_cols = {};  ///< likewise; whole groups with grouped columns
  std::vector<MatrixPart> dropped_blocks = {};  ///< of the matrix that is left, apart from each other; no crossbar holds them
  friend bool operator==(const WeightMatrix&, const WeightMatrix&) = default;
};

/// Rows of the layer's full matrix.
[[nodiscard]] inline std::int64_t num_all_rows(const WeightMatrix& matrix) {
  return matrix.rows + static_cast<std::int64_t>(matrix.dropped_rows.size());
}
/// Index into the layer's weight tensor of entry (row, col) of the full matrix.
[[nodiscard]] inline std::int64_t weight_index(const WeightMatrix& matrix, std::int64_t row, std::int64_t col) {
  return col * num_all_rows(matrix) + row;
}
/// Rows of the full matrix that are left, ascending.
[[nodiscard]] std::vector<std::int64_t> kept_rows(const WeightMatrix& matrix);
/// Columns of the full matrix, which are output channels, that are left, ascending.
[[nodiscard]] std::vector<std::int64_t> kept_cols(const WeightMatrix& matrix);
/// Weights that crossbars hold of one copy: rows x cols without the dropped blocks.
[[nodiscard]] std::int64_t num_kept_weights(const WeightMatrix& matrix);
/// The full matrix.
[[nodiscard]] WeightMatrix without_drops(WeightMatrix matrix);
/// Output channels of one group; the columns of a group stand beside each other.
[[nodiscard]] inline std::int64_t cols_a_group(const WeightMatrix& matrix) {
  return matrix.num_output_channels / matrix.num_groups;
}

template <class Self, class Visitor>
requires SameStruct<Self, MatrixPart>
void visit_fields(Self& self, Visitor&& visit) {
  constexpr IntegerRange kIndex{0, std::int64_t{1} << 31};
  constexpr IntegerRange kSize{1, std::int64_t{1} << 31};
  visit(Field{"row0", "first row", kIndex}, self.row0);
  visit(Field{"col0", "first column", kIndex}, self.col0);
  visit(Field{"rows", "rows", kSize}, self.rows);
  visit(Field{"cols", "columns", kSize}, self.cols);
}

template <class Self, class Visitor>
requires SameStruct<Self, WeightMatrix>
void visit_fields(Self& self, Visitor&& visit) {
  constexpr IntegerRange kSize{1, std::int64_t{1} << 31};
  visit(Field{"layer", "name of the layer"}, self.layer);
  visit(Field{"mapping", "how the weights become a matrix"}, self.mapping);
  visit(Field{"num_input_channels", "channels of the layer's input", kSize}, self.num_input_channels);
  visit(Field{"num_output_channels", "channels of the layer's output", kSize}, self.num_output_channels);
  visit(Field{"kernel_height", "rows of the kernel", kSize}, self.kernel_height);
  visit(Field{"kernel_width", "columns of the kernel", kSize}, self.kernel_width);
  visit(Field{"num_groups", "groups of the convolution", kSize}, self.num_groups);
  constexpr IntegerRange kIndex{0, std::int64_t{1} << 31};
  visit(Field{"rows", "rows of the matrix: inputs of one group's window, without those dropped", kSize}, self.rows);
  visit(Field{"cols", "columns of the matrix: output channels, without those dropped", kSize}, self.cols);
  visit(Field{"dropped_rows", "rows of the layer's full matrix that are zero and left out", kIndex}, self.dropped_rows);
  visit(Field{"dropped_cols", "columns of the full matrix that are zero and left out", kIndex}, self.dropped_cols);
  visit(Field{"dropped_blocks", "parts of the matrix that are zero and in no crossbar"}, self.dropped_blocks);
}

}  // namespace crossloom
