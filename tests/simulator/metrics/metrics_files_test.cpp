#include "simulator/metrics/metrics_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/metrics/example_metrics.h"

namespace crossloom {
namespace {

using testing::HasSubstr;

TEST(MetricsFiles, ReadBackWhatTheyWrote) {
  for (const RunMetrics& metrics : {RunMetrics{}, example_metrics()}) {
    EXPECT_EQ(metrics_from_json(metrics_to_json(metrics), "metrics.json"), metrics);
  }
}

TEST(MetricsFiles, KeepEveryBitOfADouble) {
  RunMetrics metrics = example_metrics();
  metrics.energy_pj.adc = 0.1 + 0.2;
  metrics.energy_pj.cell = 1e-300;
  EXPECT_EQ(metrics_from_json(metrics_to_json(metrics), "metrics.json"), metrics);
}

TEST(MetricsFiles, HaveTheFieldsAtTheTopLevel) {
  const std::string text = metrics_to_json(example_metrics());
  EXPECT_THAT(text, HasSubstr("\n  \"schema\": \"crossloom/metrics\",\n"));
  EXPECT_THAT(text, HasSubstr("\n  \"num_crossbars_used\": 2,\n"));
  EXPECT_THAT(text, HasSubstr("\n  \"energy_pj\": {\"total\": 7.5, \"cell\": 0.0, \"dac\": 0.0, \"adc\": 4.5,"));
}

}  // namespace
}  // namespace crossloom
