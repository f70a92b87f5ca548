#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/cli/crossloom_process.h"
#include "tests/cli/example_files.h"
#include "tests/simulator/trace/trace_checker.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class TraceOption : public testing::Test {
 protected:
  void SetUp() override {
    const ProcessResult result =
        crossloom_process({"compile", "lenet5", "--chip", "rnc-mnsim-128", "--crossbars", "1x", "--out", scratch_.path()});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }

  [[nodiscard]] ProcessResult simulate(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"simulate", scratch_.path()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return crossloom_process(arguments);
  }

  ScratchFolder scratch_;
  std::string trace_ = scratch_.path("trace.json");
};

TEST_F(TraceOption, WritesATraceThatPassesTheChecker) {
  const ProcessResult result = simulate({"--trace", trace_, "--trace-bytes", "1e6"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("wrote " + trace_));
  EXPECT_LE(std::filesystem::file_size(trace_), 1'000'000U);
  EXPECT_THAT(trace_findings(read_trace(text_of(trace_))), IsEmpty());
}

TEST_F(TraceOption, AWindowKeepsOnlyItsTime) {
  ASSERT_EQ(simulate({"--trace", trace_, "--trace-window", "2us:3500ns"}).exit_code, 0);
  for (const TraceEvent& event : read_trace(text_of(trace_))) {
    if (event.phase != "X") continue;
    EXPECT_LT(event.begin_ps, 3'500'000);
    EXPECT_GT(event.begin_ps + event.duration_ps, 2'000'000);
  }
}

TEST_F(TraceOption, LeavesTheMetricsAsTheyAre) {
  ASSERT_EQ(simulate({}).exit_code, 0);
  const std::string without = text_of(scratch_.path("metrics.json"));
  ASSERT_EQ(simulate({"--trace", trace_, "--trace-step", "64"}).exit_code, 0);
  EXPECT_EQ(text_of(scratch_.path("metrics.json")), without);
}

TEST_F(TraceOption, RefusesValuesOutOfRangeBeforeTheRun) {
  for (const std::string window : {"5us", "5us:2us", "5:9", "-1us:2us", "1fs:2fs", "x:1us"}) {
    const ProcessResult result = simulate({"--trace", trace_, "--trace-window=" + window});
    EXPECT_EQ(result.exit_code, 2) << window;
    EXPECT_THAT(result.err, HasSubstr("--trace-window: " + window));
  }
  EXPECT_THAT(simulate({"--trace", trace_, "--trace-step", "0"}).err, HasSubstr("--trace-step: 0"));
  EXPECT_THAT(simulate({"--trace", trace_, "--trace-bytes", "9"}).err, HasSubstr("--trace-bytes: 9"));
  EXPECT_THAT(simulate({"--trace-step", "4"}).err, HasSubstr("--trace: missing"));
  EXPECT_FALSE(std::filesystem::exists(trace_));
}

}  // namespace
}  // namespace crossloom
