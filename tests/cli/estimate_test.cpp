#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/metrics/metrics_files.h"
#include "support/document.h"
#include "tests/cli/crossloom_process.h"
#include "tests/cli/example_files.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::Not;

ProcessResult run_lenet5(const std::string& folder, std::vector<std::string> more) {
  std::vector<std::string> arguments = {"run", "lenet5", "--chip", "rnc-mnsim-128", "--crossbars", "1x", "--out", folder};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return crossloom_process(arguments);
}

TEST(EstimateOption, PrintsEstimateAndSimulationWithTheError) {
  const ScratchFolder scratch;
  const ProcessResult result = run_lenet5(scratch.path(), {"--estimate"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("estimated  simulated"));
  EXPECT_THAT(result.out, HasSubstr("busiest_resource_ns"));
  EXPECT_THAT(result.out, Not(HasSubstr("interval_ns ")));
}

TEST(EstimateOption, GivesOneDocumentWhoseErrorsAreThoseOfItsFigures) {
  const ScratchFolder scratch;
  const ProcessResult result = run_lenet5(scratch.path(), {"--estimate", "--json", "--batch", "3"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const Document document = parse_json(result.out, "estimate");
  ConfigReader reader(document, "estimate");
  EXPECT_EQ(reader.text("schema"), "crossloom/estimate");
  const RunMetrics metrics = metrics_from_json(text_of(scratch.path("metrics.json")), "metrics");
  std::vector<std::string> names;
  std::vector<double> simulated_ns;
  for (ConfigReader& quantity : reader.sections("quantities")) {
    names.push_back(quantity.text("name"));
    simulated_ns.push_back(quantity.number("simulated_ns", {}));
    const double ratio = quantity.number("estimated_ns", {}) / simulated_ns.back();
    EXPECT_NEAR(quantity.number("error_fraction", {}), ratio - 1.0, 1e-12);
  }
  EXPECT_THAT(names, testing::ElementsAre("latency_ns", "busiest_resource_ns", "interval_ns"));
  EXPECT_EQ(simulated_ns.front(), metrics.latency_ns);
  EXPECT_EQ(simulated_ns.back(), metrics.interval_ns);
}

TEST(EstimateOption, LeavesTheFilesAsTheyAre) {
  const ScratchFolder scratch;
  ASSERT_EQ(run_lenet5(scratch.path("with"), {"--estimate"}).exit_code, 0);
  ASSERT_EQ(run_lenet5(scratch.path("without"), {}).exit_code, 0);
  EXPECT_EQ(text_of(scratch.path("with/metrics.json")), text_of(scratch.path("without/metrics.json")));
}

TEST(EstimateOption, WorksOnACompiledFolder) {
  const ScratchFolder scratch;
  ASSERT_EQ(run_lenet5(scratch.path(), {}).exit_code, 0);
  const ProcessResult result = crossloom_process({"simulate", scratch.path(), "--estimate", "--verbose"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("terms of the estimate"));
}

}  // namespace
}  // namespace crossloom
