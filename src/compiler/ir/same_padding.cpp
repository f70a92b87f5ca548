#include "compiler/ir/same_padding.h"

#include <algorithm>

#include "support/integer_math.h"

namespace crossloom {
namespace {

std::int64_t total_padding(std::int64_t input, std::int64_t kernel, std::int64_t stride, std::int64_t dilation) {
  const std::int64_t last_window_start = (ceil_div(input, stride) - 1) * stride;
  return std::max<std::int64_t>(last_window_start + dilation * (kernel - 1) + 1 - input, 0);
}

}  // namespace

WindowAttributes with_same_padding(WindowAttributes window, const TensorShape& input) {
  const std::int64_t rows = total_padding(input.height, window.kernel_height, window.stride_height, window.dilation_height);
  const std::int64_t cols = total_padding(input.width, window.kernel_width, window.stride_width, window.dilation_width);
  window.pad_top = rows / 2;
  window.pad_bottom = rows - rows / 2;
  window.pad_left = cols / 2;
  window.pad_right = cols - cols / 2;
  return window;
}

}  // namespace crossloom
