#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

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

/// A mapping of one layer to a matrix. Entry (row, col) is weight `col * rows + row` of the layer's weight tensor
/// [num_output_channels][num_input_channels / num_groups][kernel_height][kernel_width] in row-major order, for both kinds, so
/// rows = num_input_channels / num_groups * kernel_height * kernel_width and cols = num_output_channels. A linear layer is a
/// 1x1 kernel.
struct WeightMatrix {
  std::string layer;
  MappingKind mapping = MappingKind::kIm2col;
  std::int64_t num_input_channels = 0;
  std::int64_t num_output_channels = 0;
  std::int64_t kernel_height = 0;
  std::int64_t kernel_width = 0;
  std::int64_t num_groups = 1;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  friend bool operator==(const WeightMatrix&, const WeightMatrix&) = default;
};

/// Index into the layer's weight tensor of entry (row, col); 0 <= row < rows, 0 <= col < cols.
[[nodiscard]] inline std::int64_t weight_index(const WeightMatrix& matrix, std::int64_t row, std::int64_t col) {
  return col * matrix.rows + row;
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
  visit(Field{"rows", "rows of the matrix: inputs of one group's window", kSize}, self.rows);
  visit(Field{"cols", "columns of the matrix: output channels", kSize}, self.cols);
}

}  // namespace crossloom
