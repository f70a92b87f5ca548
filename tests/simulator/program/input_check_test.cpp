#include "simulator/program/input_check.h"

#include <gtest/gtest.h>

namespace crossloom {
namespace {

std::int64_t brute_force(const PixelRange& range) {
  for (std::int64_t window = 0; window < range.num_windows; ++window) {
    bool has_pixel = false;
    for (std::int64_t i = 0; i < range.count; ++i) {
      const std::int64_t pixel = window * range.step + range.offset + i * range.dilation;
      has_pixel = has_pixel || (pixel >= 0 && pixel < range.extent);
    }
    if (!has_pixel) return window;
  }
  return -1;
}

TEST(FirstWindowInPadding, AgreesWithBruteForce) {
  for (std::int64_t windows = 1; windows <= 4; ++windows) {
    for (std::int64_t step = 0; step <= 3; ++step) {
      for (std::int64_t offset = -6; offset <= 4; ++offset) {
        for (std::int64_t dilation = 1; dilation <= 5; ++dilation) {
          for (std::int64_t count = 1; count <= 3; ++count) {
            for (std::int64_t extent = 1; extent <= 4; ++extent) {
              const PixelRange range{windows, step, offset, dilation, count, extent};
              ASSERT_EQ(first_window_in_padding(range), brute_force(range))
                  << windows << ' ' << step << ' ' << offset << ' ' << dilation << ' ' << count << ' ' << extent;
            }
          }
        }
      }
    }
  }
}

TEST(FirstWindowInPadding, FindsTheMiddleWindowThatADilatedKernelStepsOver) {
  // Windows need pixels {-3, 1}, {-2, 2}, {-1, 3} and {0, 4} of 2.
  EXPECT_EQ(first_window_in_padding({.num_windows = 4, .step = 1, .offset = -3, .dilation = 4, .count = 2, .extent = 2}), 1);
}

}  // namespace
}  // namespace crossloom
