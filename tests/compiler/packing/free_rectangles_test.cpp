#include "compiler/packing/free_rectangles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

#include "support/random_stream.h"

namespace crossloom {
namespace {

constexpr std::int64_t kRows = 7;
constexpr std::int64_t kCols = 9;
using Grid = std::array<std::array<bool, kCols>, kRows>;  ///< true = taken

bool is_free(const Grid& grid, const PackingRectangle& part) {
  if (part.row0 < 0 || part.col0 < 0 || part.row0 + part.rows > kRows || part.col0 + part.cols > kCols) return false;
  for (std::int64_t row = part.row0; row < part.row0 + part.rows; ++row) {
    for (std::int64_t col = part.col0; col < part.col0 + part.cols; ++col) {
      if (grid[static_cast<std::size_t>(row)][static_cast<std::size_t>(col)]) return false;
    }
  }
  return true;
}

bool is_maximal(const Grid& grid, const PackingRectangle& part) {
  const auto [row0, col0, rows, cols] = part;
  return is_free(grid, part) && !is_free(grid, {row0 - 1, col0, rows + 1, cols}) &&
         !is_free(grid, {row0, col0, rows + 1, cols}) && !is_free(grid, {row0, col0 - 1, rows, cols + 1}) &&
         !is_free(grid, {row0, col0, rows, cols + 1});
}

/// Every free rectangle that cannot grow on any side, by trying all.
std::vector<PackingRectangle> maximal_rectangles(const Grid& grid) {
  std::vector<PackingRectangle> found;
  for (std::int64_t row0 = 0; row0 < kRows; ++row0) {
    for (std::int64_t col0 = 0; col0 < kCols; ++col0) {
      for (std::int64_t rows = 1; row0 + rows <= kRows; ++rows) {
        for (std::int64_t cols = 1; col0 + cols <= kCols; ++cols) {
          const PackingRectangle part{row0, col0, rows, cols};
          if (is_maximal(grid, part)) found.push_back(part);
        }
      }
    }
  }
  return found;
}

std::vector<PackingRectangle> sorted(std::vector<PackingRectangle> parts) {
  std::sort(parts.begin(), parts.end(), [](const PackingRectangle& a, const PackingRectangle& b) {
    return std::tie(a.row0, a.col0, a.rows, a.cols) < std::tie(b.row0, b.col0, b.rows, b.cols);
  });
  return parts;
}

TEST(FreeRectangles, StartAsTheWholeCrossbar) {
  const FreeRectangles free(kRows, kCols);
  EXPECT_EQ(free.rectangles(), (std::vector<PackingRectangle>{{0, 0, kRows, kCols}}));
  EXPECT_EQ(free.free_area(), kRows * kCols);
}

TEST(FreeRectangles, AreExactlyTheMaximalOnesAfterEveryBlock) {
  for (std::uint64_t trial = 0; trial < 200; ++trial) {
    RandomStream random(7, {.purpose = RandomPurpose::kTest, .trial = trial});
    const auto below = [&](std::int64_t bound) {
      return static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(bound)));
    };
    FreeRectangles free(kRows, kCols);
    Grid grid{};
    std::int64_t free_area = kRows * kCols;
    for (int attempt = 0; attempt < 20; ++attempt) {
      const PackingRectangle used{below(kRows), below(kCols), 1 + below(3), 1 + below(3)};
      if (!is_free(grid, used)) continue;
      for (std::int64_t row = used.row0; row < used.row0 + used.rows; ++row) {
        for (std::int64_t col = used.col0; col < used.col0 + used.cols; ++col) {
          grid[static_cast<std::size_t>(row)][static_cast<std::size_t>(col)] = true;
        }
      }
      free.take(used);
      free_area -= used.rows * used.cols;
      ASSERT_EQ(sorted(free.rectangles()), sorted(maximal_rectangles(grid))) << "trial " << trial;
      ASSERT_EQ(free.free_area(), free_area) << "trial " << trial;
    }
  }
}

/// 4x6 with a 2x2 block in the corner: free are the rows below it, 2x6, and the columns beside it, 4x4.
FreeRectangles with_a_taken_corner() {
  FreeRectangles free(4, 6);
  free.take({0, 0, 2, 2});
  return free;
}

TEST(FreeRectangles, OfferNoPlaceThatIsTooSmall) {
  EXPECT_FALSE(with_a_taken_corner().best_place(3, 5, FitRule::kShortSide));
  EXPECT_FALSE(with_a_taken_corner().best_place(5, 1, FitRule::kArea));
}

TEST(FreeRectangles, PreferTheLeastShortSide) {
  // A 1x4 block leaves (1, 2) of 2x6 and (3, 0) of 4x4.
  const std::optional<FitPlace> place = with_a_taken_corner().best_place(1, 4, FitRule::kShortSide);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->score, (FitScore{0, 3}));
  EXPECT_EQ(std::pair(place->row0, place->col0), std::pair(std::int64_t{0}, std::int64_t{2}));
}

TEST(FreeRectangles, PreferTheLeastArea) {
  // A 1x4 block leaves 8 weights of 2x6 and 12 of 4x4.
  const std::optional<FitPlace> place = with_a_taken_corner().best_place(1, 4, FitRule::kArea);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->score, (FitScore{8, 1}));
  EXPECT_EQ(std::pair(place->row0, place->col0), std::pair(std::int64_t{2}, std::int64_t{0}));
}

}  // namespace
}  // namespace crossloom
