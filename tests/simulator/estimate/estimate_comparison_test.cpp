#include "simulator/estimate/estimate_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossloom {
namespace {

RunMetrics metrics_of(std::int64_t batch) {
  RunMetrics metrics{.network = "net", .chip = "chip", .batch = batch, .latency_ns = 200.0, .interval_ns = 40.0};
  metrics.bounds.busiest_resource_ns = 30.0 * static_cast<double>(batch);
  return metrics;
}

const NetworkEstimate kEstimate{.latency_ns = 210.0, .interval_ns = 36.0, .busiest_resource_ns = 30.0};

TEST(EstimateComparison, GivesSignedErrors) {
  const EstimateComparison comparison = compare(kEstimate, metrics_of(4));
  ASSERT_EQ(comparison.quantities.size(), 3U);
  EXPECT_EQ(comparison.quantities[0].name, "latency_ns");
  EXPECT_NEAR(comparison.quantities[0].error_fraction, 0.05, 1e-12);
  EXPECT_EQ(comparison.quantities[2].name, "interval_ns");
  EXPECT_NEAR(comparison.quantities[2].error_fraction, -0.1, 1e-12);
}

TEST(EstimateComparison, ComparesTheBusiestResourceOfOneImage) {
  for (const std::int64_t batch : {1, 4}) {
    const QuantityComparison busiest = compare(kEstimate, metrics_of(batch)).quantities[1];
    EXPECT_EQ(busiest.name, "busiest_resource_ns");
    EXPECT_DOUBLE_EQ(busiest.simulated_ns, 30.0);
    EXPECT_DOUBLE_EQ(busiest.error_fraction, 0.0);
  }
}

TEST(EstimateComparison, HasNoIntervalForOneImage) { EXPECT_EQ(compare(kEstimate, metrics_of(1)).quantities.size(), 2U); }

TEST(EstimateComparison, NamesWhatItCompares) {
  const std::string json = comparison_to_json(compare(kEstimate, metrics_of(2)));
  for (const char* part : {"\"crossloom/estimate\"", "\"net\"", "\"chip\"", "\"batch\": 2", "\"latency_ns\"", "\"layers\""}) {
    EXPECT_THAT(json, testing::HasSubstr(part));
  }
}

}  // namespace
}  // namespace crossloom
