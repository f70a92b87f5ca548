#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "simulator/metrics/metrics_files.h"
#include "support/document.h"
#include "tests/cli/crossloom_process.h"
#include "tests/cli/example_files.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::HasSubstr;

class CompareCommand : public testing::Test {
 protected:
  static void run(const std::string& folder, const std::string& chip) {
    const ProcessResult result = crossloom_process({"run", "lenet5", "--chip", chip, "--crossbars", "1x", "--out", folder});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  void SetUp() override {
    run(first_, "rnc-mnsim-128");
    run(other_, "isaac-ce");
  }

  ScratchFolder scratch_;
  std::string first_ = scratch_.path("first");
  std::string other_ = scratch_.path("other");
};

TEST_F(CompareCommand, PutsRunsSideBySide) {
  const ProcessResult result = crossloom_process({"compare", first_, other_});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("latency_ns"));
  EXPECT_THAT(result.out, HasSubstr("other against first"));
}

TEST_F(CompareCommand, JsonHasTheFiguresOfTheRuns) {
  const ProcessResult result = crossloom_process({"compare", first_, other_, "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Document document = parse_json(result.out, "comparison");
  const RunMetrics first = metrics_from_json(text_of(first_ + "/metrics.json"), "first");
  const RunMetrics other = metrics_from_json(text_of(other_ + "/metrics.json"), "other");
  for (const auto& [key, value] : document.members) {
    if (key != "figures") continue;
    for (const auto& [name, values] : value.members) {
      if (name != "latency_ns") continue;
      EXPECT_EQ(std::stod(values.items.at(0).scalar), first.latency_ns);
      EXPECT_EQ(std::stod(values.items.at(1).scalar), other.latency_ns);
    }
  }
}

TEST_F(CompareCommand, WritesAFigureOrAPage) {
  const std::string svg = scratch_.path("energy.svg");
  const std::string page = scratch_.path("compare.html");
  EXPECT_EQ(crossloom_process({"compare", first_, other_, "--svg", "energy", "--out", svg}).exit_code, 0);
  EXPECT_EQ(crossloom_process({"compare", first_, other_, "--out", page}).exit_code, 0);
  EXPECT_THAT(text_of(svg), testing::StartsWith("<svg"));
  EXPECT_THAT(text_of(page), testing::StartsWith("<!DOCTYPE html>"));
}

TEST_F(CompareCommand, AFigureThatIsNotThereIsNamedWithThoseThatAre) {
  const ProcessResult result = crossloom_process({"compare", first_, other_, "--svg", "colour"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("colour is not one of time, busy, stalls, energy, area"));
}

TEST_F(CompareCommand, AFolderWithoutMetricsIsNamed) {
  std::filesystem::remove(other_ + "/metrics.json");
  const ProcessResult result = crossloom_process({"compare", first_, other_});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("other/metrics.json"));
}

}  // namespace
}  // namespace crossloom
