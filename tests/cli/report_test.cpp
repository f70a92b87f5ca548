#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/cli/crossloom_process.h"
#include "tests/cli/example_files.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

ProcessResult lenet5(const std::string& command, const std::string& folder) {
  return crossloom_process({command, "lenet5", "--chip", "rnc-mnsim-128", "--crossbars", "1x", "--out", folder});
}

TEST(ReportCommand, RunLeavesTheReportThatTheCommandWrites) {
  const ScratchFolder scratch;
  ASSERT_EQ(lenet5("run", scratch.path()).exit_code, 0);
  const std::string of_run = text_of(scratch.path("report.html"));
  EXPECT_THAT(of_run, StartsWith("<!DOCTYPE html>"));
  const ProcessResult result = crossloom_process({"report", scratch.path(), "--out", scratch.path("again.html")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(text_of(scratch.path("again.html")), of_run);
}

TEST(ReportCommand, NoReportOutlivesWhatItShows) {
  const ScratchFolder scratch;
  ASSERT_EQ(lenet5("run", scratch.path()).exit_code, 0);
  ASSERT_EQ(crossloom_process({"simulate", scratch.path(), "--batch", "2"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(scratch.path("report.html")));
  ASSERT_EQ(crossloom_process({"report", scratch.path()}).exit_code, 0);
  ASSERT_EQ(lenet5("compile", scratch.path()).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(scratch.path("report.html")));
}

TEST(ReportCommand, WritesOneFigure) {
  const ScratchFolder scratch;
  ASSERT_EQ(lenet5("run", scratch.path()).exit_code, 0);
  const ProcessResult result = crossloom_process({"report", scratch.path(), "--svg", "crossbars"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(text_of(scratch.path("crossbars.svg")), StartsWith("<svg"));
}

TEST(ReportCommand, AFigureThatNeedsARunSaysSo) {
  const ScratchFolder scratch;
  ASSERT_EQ(lenet5("compile", scratch.path()).exit_code, 0);
  const ProcessResult result = crossloom_process({"report", scratch.path(), "--svg", "energy"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("energy is not one of crossbars, mesh"));
  EXPECT_THAT(result.err, HasSubstr("crossloom simulate"));
}

TEST(ReportCommand, WithoutMetricsTheMapIsDrawn) {
  const ScratchFolder scratch;
  ASSERT_EQ(lenet5("compile", scratch.path()).exit_code, 0);
  EXPECT_EQ(crossloom_process({"report", scratch.path()}).exit_code, 0);
  EXPECT_THAT(text_of(scratch.path("report.html")), HasSubstr("id=\"crossbars\""));
}

}  // namespace
}  // namespace crossloom
