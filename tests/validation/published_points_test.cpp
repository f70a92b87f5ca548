#include "bench/validation/published_points.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/document.h"

namespace crossloom {
namespace {

TEST(PublishedPoints, AreReachedWithinTheirTolerance) {
  const std::vector<PublishedPoint> points = published_points();
  ASSERT_GE(points.size(), 10U);
  for (const PublishedPoint& point : points) {
    EXPECT_LE(std::abs(ratio(point) - 1.0), point.tolerance_fraction) << point.preset << ": " << point.quantity;
  }
}

TEST(PublishedPoints, ArePrintedAsComputed) {
  EXPECT_EQ(read_text_file(CROSSLOOM_SOURCE_FOLDER "/docs/validation.md"), validation_markdown());
}

}  // namespace
}  // namespace crossloom
