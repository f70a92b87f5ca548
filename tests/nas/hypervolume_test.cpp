#include "nas/hypervolume.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/random_stream.h"

namespace crossloom {
namespace {

using Points = std::vector<std::vector<double>>;

/// Points with whole coordinates from 0 to side - 1.
Points random_grid_points(std::size_t count, std::size_t num_objectives, std::uint64_t side, std::uint64_t trial) {
  RandomStream random(11, {.purpose = RandomPurpose::kTest, .trial = trial});
  Points points(count, std::vector<double>(num_objectives));
  for (auto& point : points) {
    for (double& value : point) value = static_cast<double>(random.next_below(side));
  }
  return points;
}

/// Unit cells of the grid below (side, ..., side) that some point dominates.
double count_cells(const Points& points, std::size_t num_objectives, std::int64_t side) {
  const auto num_cells = static_cast<std::int64_t>(std::pow(side, num_objectives));
  std::int64_t covered = 0;
  for (std::int64_t cell = 0; cell < num_cells; ++cell) {
    for (const auto& point : points) {
      std::int64_t rest = cell;
      bool is_below = true;
      for (const double value : point) {
        is_below &= value <= static_cast<double>(rest % side);
        rest /= side;
      }
      if (!is_below) continue;
      ++covered;
      break;
    }
  }
  return static_cast<double>(covered);
}

TEST(Hypervolume, OfTheExampleIsThree) {
  EXPECT_DOUBLE_EQ(hypervolume(Points{{1, 2}, {2, 1}}, std::vector<double>{3, 3}), 3.0);
}

TEST(Hypervolume, EqualsTheCountOfCoveredCellsInOneToFiveObjectives) {
  for (std::size_t num_objectives = 1; num_objectives <= 5; ++num_objectives) {
    for (std::uint64_t trial = 0; trial < 20; ++trial) {
      const Points points = random_grid_points(1 + trial, num_objectives, 6, trial);
      const std::vector<double> reference(num_objectives, 6.0);
      EXPECT_DOUBLE_EQ(hypervolume(points, reference), count_cells(points, num_objectives, 6))
          << num_objectives << ' ' << trial;
    }
  }
}

TEST(Hypervolume, OfNoPointsIsZero) { EXPECT_EQ(hypervolume({}, std::vector<double>{1, 1}), 0.0); }

TEST(Hypervolume, IgnoresPointsThatReachTheReference) {
  EXPECT_EQ(hypervolume(Points{{1, 0}, {0, 2}, {-5, 1}}, std::vector<double>{1, 1}), 0.0);
}

TEST(Hypervolume, IsNotChangedByDominatedAndRepeatedPoints) {
  EXPECT_DOUBLE_EQ(hypervolume(Points{{1, 2}, {2, 1}, {2, 2}, {1, 2}}, std::vector<double>{3, 3}), 3.0);
}

TEST(Hypervolume, OfManyPointsOnAPlaneOfThreeObjectivesNearsTheVolumeBelowIt) {
  // x + y + z = 1 within the unit cube: the part above the plane is 1 - 1/6. A grid of step h leaves steps of O(h).
  constexpr int kSteps = 100;
  Points points;
  for (int i = 0; i <= kSteps; ++i) {
    for (int j = 0; i + j <= kSteps; ++j) {
      points.push_back({double{1} * i / kSteps, double{1} * j / kSteps, double{1} * (kSteps - i - j) / kSteps});
    }
  }
  EXPECT_NEAR(hypervolume(points, std::vector<double>{1, 1, 1}), 5.0 / 6.0, 1.0 / kSteps);
}

}  // namespace
}  // namespace crossloom
