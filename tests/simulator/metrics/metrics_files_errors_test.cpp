#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "simulator/metrics/metrics_files.h"
#include "tests/simulator/metrics/example_metrics.h"
#include "tests/simulator/program/text_edit.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

using testing::HasSubstr;

std::string error_of_edit(std::string_view from, std::string_view to) {
  const std::string text = edited(metrics_to_json(example_metrics()), "", from, to);
  return user_error([&] { return metrics_from_json(text, "metrics.json"); });
}

TEST(MetricsFilesErrors, NameWhatIsWrong) {
  EXPECT_THAT(error_of_edit("\"batch\": 3", "\"batch\": 0"), HasSubstr(": batch: 0, allowed: an integer from 1 to 1048576"));
  EXPECT_THAT(error_of_edit("\"adc\": 4.5", "\"adc\": -1"),
              HasSubstr(": energy_pj.adc: -1, allowed: a finite number from 0 to 1e+300"));
  EXPECT_THAT(error_of_edit("\"adc\"", "\"acd\""), HasSubstr(": energy_pj.adc: is missing"));
  EXPECT_THAT(error_of_edit("\"latency_ns\"", "\"extra\": 1, \"latency_ns\""), HasSubstr(": extra: unknown key"));
  EXPECT_THAT(error_of_edit("crossloom/metrics", "crossloom/program"),
              HasSubstr(": schema: crossloom/program is not one of crossloom/metrics"));
}

TEST(MetricsFilesErrors, DoNotWriteFiguresThatAreNotFinite) {
  RunMetrics metrics = example_metrics();
  metrics.interval_ns = std::numeric_limits<double>::infinity();
  EXPECT_THROW(static_cast<void>(metrics_to_json(metrics)), InternalError);
}

}  // namespace
}  // namespace crossloom
