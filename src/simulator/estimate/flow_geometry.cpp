#include "simulator/estimate/flow_geometry.h"

#include <algorithm>

#include "support/integer_math.h"

namespace crossloom {
namespace {

/// Position of the last pixel that window `at` needs in one dimension of the producer.
std::int64_t last_position(std::int64_t at, std::int64_t step, std::int64_t offset, std::int64_t reach, std::int64_t extent) {
  return std::clamp<std::int64_t>(at * step + offset + reach, 0, extent - 1);
}

/// Windows w of `extent` with w * step + offset <= at <= w * step + offset + reach.
WindowRange windows_around(std::int64_t at, std::int64_t step, std::int64_t offset, std::int64_t reach, std::int64_t extent) {
  if (step == 0) return {.first = 0, .last = extent - 1};
  const std::int64_t low = at - offset - reach;
  const std::int64_t high = at - offset;
  return {.first = low <= 0 ? 0 : ceil_div(low, step), .last = high < 0 ? -1 : std::min(extent - 1, high / step)};
}

std::int64_t row_reach(const OperationInput& input) { return (input.num_rows - 1) * input.row_dilation; }
std::int64_t col_reach(const OperationInput& input) { return (input.num_cols - 1) * input.col_dilation; }

}  // namespace

std::int64_t last_needed_window(const Flow& flow, const OperationInput& input, const Flow& producer, std::int64_t window) {
  const std::int64_t row =
      last_position(window / flow.num_cols, input.row_step, input.row_offset, row_reach(input), producer.num_rows);
  if (producer.kind == OperationKind::kInput) return row;
  const std::int64_t col =
      last_position(window % flow.num_cols, input.col_step, input.col_offset, col_reach(input), producer.num_cols);
  return row * producer.num_cols + col;
}

WindowArea windows_that_need(const Flow& flow, const OperationInput& input, const Flow& producer, std::int64_t window) {
  WindowArea area;
  area.rows = windows_around(window / producer.num_cols, input.row_step, input.row_offset, row_reach(input), flow.num_rows);
  area.cols = {.first = 0, .last = flow.num_cols - 1};
  if (producer.kind != OperationKind::kInput) {
    area.cols = windows_around(window % producer.num_cols, input.col_step, input.col_offset, col_reach(input), flow.num_cols);
  }
  return area;
}

}  // namespace crossloom
