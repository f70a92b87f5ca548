#include "simulator/estimate/flow_geometry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "support/random_stream.h"

namespace crossloom {
namespace {

struct Pair {
  Flow producer;
  Flow flow;
  OperationInput input;
};

/// A consumer whose every window needs at least one pixel, without dilation.
Pair random_pair(RandomStream& random) {
  const auto pick = [&](std::int64_t min, std::int64_t max) {
    return min + static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(max - min + 1)));
  };
  Pair pair;
  pair.producer = {.num_rows = pick(1, 8), .num_cols = pick(1, 8)};
  const auto dimension = [&](std::int64_t extent, std::int64_t& step, std::int64_t& offset, std::int64_t& count) {
    step = pick(1, 3);
    count = pick(1, extent);
    offset = -pick(0, count - 1);
    return 1 + pick(0, (extent - 1 - offset) / step);
  };
  pair.flow.num_rows = dimension(pair.producer.num_rows, pair.input.row_step, pair.input.row_offset, pair.input.num_rows);
  pair.flow.num_cols = dimension(pair.producer.num_cols, pair.input.col_step, pair.input.col_offset, pair.input.num_cols);
  while ((pair.flow.num_rows - 1) * pair.input.row_step + pair.input.row_offset >= pair.producer.num_rows) --pair.flow.num_rows;
  while ((pair.flow.num_cols - 1) * pair.input.col_step + pair.input.col_offset >= pair.producer.num_cols) --pair.flow.num_cols;
  return pair;
}

/// Pixels of the producer that `window` needs, by going through all of them.
std::vector<std::int64_t> needed(const Pair& pair, std::int64_t window) {
  std::vector<std::int64_t> pixels;
  const std::int64_t top = window / pair.flow.num_cols * pair.input.row_step + pair.input.row_offset;
  const std::int64_t left = window % pair.flow.num_cols * pair.input.col_step + pair.input.col_offset;
  for (std::int64_t y = 0; y < pair.producer.num_rows; ++y) {
    for (std::int64_t x = 0; x < pair.producer.num_cols; ++x) {
      const bool is_needed = y >= top && y < top + pair.input.num_rows && x >= left && x < left + pair.input.num_cols;
      if (is_needed) pixels.push_back(y * pair.producer.num_cols + x);
    }
  }
  return pixels;
}

std::vector<std::int64_t> listed(const NeededPixels& pixels, const Flow& producer) {
  std::vector<std::int64_t> list;
  for (std::int64_t row = pixels.rows.first; row <= pixels.rows.last; row += pixels.rows.step) {
    for (std::int64_t col = pixels.cols.first; col <= pixels.cols.last; col += pixels.cols.step) {
      list.push_back(row * producer.num_cols + col);
    }
  }
  return list;
}

TEST(FlowGeometry, NeededPixelsAreThoseOfBruteForce) {
  RandomStream random(21, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 300; ++trial) {
    const Pair pair = random_pair(random);
    for (std::int64_t window = 0; window < pair.flow.num_windows(); ++window) {
      EXPECT_EQ(listed(needed_pixels(pair.flow, pair.input, pair.producer, window), pair.producer), needed(pair, window))
          << "trial " << trial << ", window " << window;
    }
  }
}

TEST(FlowGeometry, WindowsThatNeedAPixelAreThoseOfBruteForce) {
  RandomStream random(22, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 300; ++trial) {
    const Pair pair = random_pair(random);
    for (std::int64_t pixel = 0; pixel < pair.producer.num_windows(); ++pixel) {
      const WindowArea area = windows_that_need(pair.flow, pair.input, pair.producer, pixel);
      for (std::int64_t window = 0; window < pair.flow.num_windows(); ++window) {
        const std::int64_t row = window / pair.flow.num_cols;
        const std::int64_t col = window % pair.flow.num_cols;
        const bool is_in_area =
            row >= area.rows.first && row <= area.rows.last && col >= area.cols.first && col <= area.cols.last;
        const std::vector<std::int64_t> pixels = needed(pair, window);
        EXPECT_EQ(is_in_area, std::find(pixels.begin(), pixels.end(), pixel) != pixels.end())
            << "trial " << trial << ", pixel " << pixel << ", window " << window;
      }
    }
  }
}

TEST(FlowGeometry, AStepOfZeroLetsEveryWindowNeedThePixel) {
  const Flow producer{.num_rows = 1, .num_cols = 1};
  const Flow flow{.num_rows = 4, .num_cols = 3};
  const OperationInput input{.row_step = 0, .col_step = 0};
  const WindowArea area = windows_that_need(flow, input, producer, 0);
  EXPECT_EQ(area.rows.first, 0);
  EXPECT_EQ(area.rows.last, 3);
  EXPECT_EQ(area.cols.last, 2);
  EXPECT_THAT(listed(needed_pixels(flow, input, producer, 11), producer), testing::ElementsAre(0));
}

TEST(FlowGeometry, TheImageComesInRows) {
  const Flow image{.kind = OperationKind::kInput, .num_rows = 8, .num_cols = 1};
  const Flow flow{.num_rows = 3, .num_cols = 5};
  const OperationInput input{.row_step = 2, .row_offset = -1, .num_rows = 3, .col_step = 2, .num_cols = 3};
  constexpr std::int64_t kTopRow = 1 * 2 - 1;
  EXPECT_THAT(listed(needed_pixels(flow, input, image, 7), image), testing::ElementsAre(kTopRow, kTopRow + 1, kTopRow + 2));
  const WindowArea area = windows_that_need(flow, input, image, 3);
  EXPECT_EQ(area.rows.first, 1);
  EXPECT_EQ(area.rows.last, 2);
  EXPECT_EQ(area.cols.last, 4);
}

}  // namespace
}  // namespace crossloom
