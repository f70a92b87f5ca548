#include "simulator/device/measured_table.h"

#include <gtest/gtest.h>

#include "tests/support/error_message.h"

namespace crossloom {
namespace {

TEST(MeasuredTable, InterpolatesMeanAndSigmaBetweenTargets) {
  const MeasuredTable table =
      parse_measured_table("target_siemens,mean_siemens,sigma_siemens\n3e-5,3.2e-5,3e-6\n1e-5,1e-5,1e-6\n", "t.csv");
  EXPECT_DOUBLE_EQ(table.low_siemens(), 1e-5);
  EXPECT_DOUBLE_EQ(table.mean_siemens(2e-5), 2.1e-5);
  EXPECT_DOUBLE_EQ(table.sigma_siemens(2e-5), 2e-6);
}

TEST(MeasuredTable, QuantilesOfSamplesAreLinearBetweenThem) {
  const MeasuredTable table = parse_measured_table("target_siemens,sample_siemens\n1e-5,3e-5\n1e-5,1e-5\n1e-5,2e-5\n", "t.csv");
  EXPECT_TRUE(table.has_samples());
  EXPECT_DOUBLE_EQ(table.quantile_siemens(1e-5, 0.0), 1e-5);
  EXPECT_DOUBLE_EQ(table.quantile_siemens(1e-5, 0.25), 1.5e-5);
  EXPECT_DOUBLE_EQ(table.mean_siemens(1e-5), 2e-5);
}

TEST(MeasuredTableErrors, NameTheLine) {
  const auto error = [](const std::string& text) { return user_error([&] { return parse_measured_table(text, "t.csv"); }); };
  EXPECT_EQ(error("target,mean\n"),
            "t.csv:1: target,mean, allowed: the header target_siemens,mean_siemens,sigma_siemens or "
            "target_siemens,sample_siemens");
  EXPECT_EQ(error("target_siemens,sample_siemens\n1,x\n"), "t.csv:2: x, allowed: a number of at least 0");
  EXPECT_EQ(error("target_siemens,sample_siemens\n1\n"), "t.csv:2: 1 columns, allowed: 2");
  EXPECT_EQ(error("target_siemens,sample_siemens\n1,1\n"), "t.csv: target 1 has one sample, allowed: at least 2");
  EXPECT_EQ(error("target_siemens,mean_siemens,sigma_siemens\n1,1,0\n1,1,0\n"), "t.csv:3: target 1 appears twice");
  EXPECT_EQ(error("target_siemens,mean_siemens,sigma_siemens\n"), "t.csv: has no line of values");
}

}  // namespace
}  // namespace crossloom
