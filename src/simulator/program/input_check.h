#pragma once

#include <cstdint>
#include <string>

namespace crossloom {

/// The pixels of one dimension a consumer needs: window w of `num_windows` needs w * step + offset + i * dilation for
/// 0 <= i < count, of a producer with `extent` pixels; the others are padding.
struct PixelRange {
  std::int64_t num_windows = 1;
  std::int64_t step = 1;
  std::int64_t offset = 0;
  std::int64_t dilation = 1;
  std::int64_t count = 1;
  std::int64_t extent = 1;
};

/// First window that needs no pixel of the producer at all, which would start before it has any input; -1 when every window
/// needs one. Sizes up to 2^20, steps, offsets and dilations up to 2^31. O(1), or O(windows) when the dilation exceeds the
/// extent.
[[nodiscard]] std::int64_t first_window_in_padding(const PixelRange& range);

}  // namespace crossloom
