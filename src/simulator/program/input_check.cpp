#include "simulator/program/input_check.h"

#include <algorithm>

namespace crossloom {
namespace {

bool has_real_pixel(const PixelRange& range, std::int64_t window) {
  const std::int64_t first = window * range.step + range.offset;
  if (first >= range.extent) return false;
  // Smallest i with first + i * dilation >= 0.
  const std::int64_t i = first >= 0 ? 0 : (-first + range.dilation - 1) / range.dilation;
  return i < range.count && first + i * range.dilation < range.extent;
}

}  // namespace

std::int64_t first_window_in_padding(const PixelRange& range) {
  // Windows move one way. When dilated pixels cannot step over the producer, only windows wholly before or behind it miss it,
  // and those are the first or the last ones.
  if (range.count == 1 || range.dilation <= range.extent) {
    if (has_real_pixel(range, 0) && has_real_pixel(range, range.num_windows - 1)) return -1;
  }
  for (std::int64_t window = 0; window < range.num_windows; ++window) {
    if (!has_real_pixel(range, window)) return window;
  }
  return -1;
}

}  // namespace crossloom
