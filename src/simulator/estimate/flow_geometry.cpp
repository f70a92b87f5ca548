#include "simulator/estimate/flow_geometry.h"

#include <algorithm>

#include "support/integer_math.h"

namespace crossloom {
namespace {

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

NeededPixels needed_pixels(const Flow& flow, const OperationInput& input, const Flow& producer, std::int64_t window) {
  NeededPixels needed;
  needed.rows = pixels_inside(window / flow.num_cols * input.row_step + input.row_offset, input.row_dilation, input.num_rows,
                              producer.num_rows);
  if (producer.kind == OperationKind::kInput) {
    needed.cols = {.first = 0, .last = 0, .step = 1};
  } else {
    needed.cols = pixels_inside(window % flow.num_cols * input.col_step + input.col_offset, input.col_dilation, input.num_cols,
                                producer.num_cols);
  }
  return needed;
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
