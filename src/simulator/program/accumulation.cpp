#include "simulator/program/accumulation.h"

#include <algorithm>

#include "support/integer_math.h"

namespace crossloom {

std::int64_t num_accumulated_pixels(const Operation& operation) {
  if (operation.kind != OperationKind::kPooling || operation.num_windows() != 1) return 1;
  const OperationInput& first = operation.inputs.front();
  const bool are_alike = std::all_of(operation.inputs.begin(), operation.inputs.end(), [&](const OperationInput& input) {
    return input.num_rows == first.num_rows && input.num_cols == first.num_cols;
  });
  if (!are_alike) return 1;
  const std::int64_t num_pixels = checked_mul(first.num_rows, first.num_cols, "pixels of a window");
  const bool is_even = operation.num_input_values % num_pixels == 0 && operation.num_unit_operations % num_pixels == 0;
  return is_even ? num_pixels : 1;
}

OperationInput pixel_of_window(const OperationInput& input) {
  return {.operation = input.operation,
          .row_step = input.row_dilation,
          .row_offset = input.row_offset,
          .num_rows = 1,
          .col_step = input.col_dilation,
          .col_offset = input.col_offset,
          .num_cols = 1};
}

}  // namespace crossloom
