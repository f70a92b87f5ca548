#include "report/estimate_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::Not;

EstimateComparison example_comparison() {
  EstimateComparison comparison;
  comparison.quantities = {
      {.name = "latency_ns", .estimated_ns = 2100.0, .simulated_ns = 2000.0, .error_fraction = 0.05},
      {.name = "interval_ns", .estimated_ns = 90.0, .simulated_ns = 100.0, .error_fraction = -0.1},
  };
  comparison.estimate = {
      .interval_ns = 90.0, .interval_limit = "copies of conv", .busiest_resource = "crossbar 3", .layers = {{.name = "conv"}}};
  return comparison;
}

const std::vector<LayerMetrics> kLayers = {{.name = "conv", .end_ns = 1234.0}};

TEST(EstimateText, ShowsBothFiguresAndTheSignedError) {
  const std::string text = estimate_text(example_comparison(), kLayers, Detail::kShort);
  EXPECT_THAT(text, HasSubstr("latency_ns            2.100 us   2.000 us   +5.0 %\n"));
  EXPECT_THAT(text, HasSubstr("-10.0 %\n"));
}

TEST(EstimateText, NamesTheLimits) {
  EXPECT_THAT(estimate_text(example_comparison(), kLayers, Detail::kShort),
              HasSubstr("busiest resource: crossbar 3; steady interval 90.00 ns, limited by copies of conv\n"));
}

TEST(EstimateText, HasTheTermsOfOperationsWhenDetailed) {
  EXPECT_THAT(estimate_text(example_comparison(), kLayers, Detail::kShort), Not(HasSubstr("1.234 us")));
  EXPECT_THAT(estimate_text(example_comparison(), kLayers, Detail::kFull), HasSubstr("1.234 us"));
}

}  // namespace
}  // namespace crossloom
