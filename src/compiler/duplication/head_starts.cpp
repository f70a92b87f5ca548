#include "compiler/duplication/head_starts.h"

#include <algorithm>
#include <cstdint>

namespace crossloom {
namespace {

/// The last pixel of the producer that a window needs, in reading order.
std::int64_t last_pixel(const OperationInput& input, const Operation& producer, std::int64_t row, std::int64_t col) {
  const std::int64_t last_row = row * input.row_step + input.row_offset + (input.num_rows - 1) * input.row_dilation;
  const std::int64_t last_col = col * input.col_step + input.col_offset + (input.num_cols - 1) * input.col_dilation;
  return std::clamp<std::int64_t>(last_row, 0, producer.output_height - 1) * producer.output_width +
         std::clamp<std::int64_t>(last_col, 0, producer.output_width - 1);
}

}  // namespace

std::vector<std::vector<HeadStart>> head_starts(const LoweredNetwork& lowered) {
  std::vector<std::size_t> layer_of(lowered.operations.size(), 0);
  std::vector<std::vector<HeadStart>> starts;
  for (std::size_t at = 0; at < lowered.operations.size(); ++at) {
    if (lowered.operations[at].matrix < 0) continue;
    layer_of[at] = starts.size();
    std::vector<HeadStart>& layer = starts.emplace_back();
    std::vector<std::int64_t> last_window(lowered.operations.size(), -1);  // needed of each operation
    last_window[at] = 0;
    for (std::size_t i = at + 1; i-- > 0;) {
      const LoweredOperation& step = lowered.operations[i];
      const Operation& operation = step.operation;
      if (last_window[i] < 0) continue;
      if (step.matrix >= 0 && i != at) {
        layer.push_back({.layer = layer_of[i],
                         .fraction = static_cast<double>(last_window[i] + 1) / static_cast<double>(operation.num_windows())});
        continue;
      }
      const std::int64_t row = last_window[i] / operation.output_width;
      const std::int64_t col = last_window[i] % operation.output_width;
      for (const OperationInput& input : operation.inputs) {
        const auto producer = static_cast<std::size_t>(input.operation);
        last_window[producer] =
            std::max(last_window[producer], last_pixel(input, lowered.operations[producer].operation, row, col));
      }
    }
  }
  return starts;
}

}  // namespace crossloom
