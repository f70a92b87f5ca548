#include "simulator/metrics/metrics_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/simulator/metrics/example_metrics.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::int64_t num_unquoted_commas(const std::string& csv) {
  bool is_quoted = false;
  std::int64_t count = 0;
  for (const char c : csv) {
    if (c == '"') is_quoted = !is_quoted;
    if (c == ',' && !is_quoted) ++count;
  }
  return count;
}

TEST(MetricsCsv, NamesFiguresAsTheJsonFileDoes) {
  const std::string csv = metrics_to_csv(example_metrics());
  EXPECT_THAT(csv, StartsWith("name,value\nnetwork,chain\n"));
  EXPECT_THAT(csv, HasSubstr("\nlatency_ns,100.5\n"));
  EXPECT_THAT(csv, HasSubstr("\nenergy_pj.adc,4.5\n"));
  EXPECT_THAT(csv, HasSubstr("\nlayers[1].start_ns,16.0\n"));
  EXPECT_THAT(csv, HasSubstr("\nresources[1].busiest,tile 0 bus\n"));
}

TEST(MetricsCsv, QuotesTextsWithCommas) {
  RunMetrics metrics = example_metrics();
  metrics.bottleneck = "NoC link from router (0, 1) to (0, 2)";
  EXPECT_THAT(metrics_to_csv(metrics), HasSubstr("\nbottleneck,\"NoC link from router (0, 1) to (0, 2)\"\n"));
}

TEST(MetricsCsv, HasTwoFieldsALine) {
  const std::string csv = metrics_to_csv(example_metrics());
  EXPECT_EQ(num_unquoted_commas(csv), std::ranges::count(csv, '\n'));
}

}  // namespace
}  // namespace crossloom
