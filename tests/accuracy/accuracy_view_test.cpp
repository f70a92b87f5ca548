#include "accuracy/accuracy_view.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/report/xml_reader.h"

namespace crossloom {
namespace {

AccuracyReport example_report(std::int64_t num_points) {
  AccuracyReport report{.network = "a < b & c", .chip = "chip", .data = "synthetic", .num_images = 3};
  report.float_accuracy_fraction = 0.9;
  report.quantized_accuracy_fraction = 0.875;
  if (num_points > 1) report.swept_parameters = {"adc.bits"};
  for (std::int64_t i = 0; i < num_points; ++i) {
    const std::vector<double> values(num_points > 1 ? 1 : 0, static_cast<double>(4 + i));
    report.points.push_back(summarize(values, std::vector<double>{0.5, 0.75}));
    report.points.back().quantized_fraction = 0.875;
  }
  report.layers.push_back({.layer = "conv", .noise_to_signal_fraction = 0.125, .accuracy_loss_fraction = -0.5});
  return report;
}

std::int64_t count_of(const std::string& page, const std::string& name) {
  return std::ranges::count(read_xml(page), name, &XmlElement::name);
}

TEST(AccuracyPage, IsWellFormedAndHasALineAPoint) {
  for (const std::int64_t num_points : {1, 3}) {
    const std::string page = accuracy_page(example_report(num_points));
    EXPECT_EQ(count_of(page, "tr"), 1 + num_points);
    EXPECT_EQ(count_of(page, "svg"), 3);
  }
}

TEST(AccuracyFigures, SweepHasACurveForMeanIntervalAndReferences) {
  const std::vector<NamedFigure> figures = accuracy_figures(example_report(3));
  ASSERT_EQ(figures.size(), 3U);
  EXPECT_EQ(count_of(figures[0].svg, "polyline"), 5);
}

/// A grid of two values of the first parameter with three of the second.
AccuracyReport grid_report() {
  AccuracyReport report = example_report(1);
  report.swept_parameters = {"adc.bits", "read.sigma_fraction"};
  report.points.clear();
  for (const double bits : {4.0, 5.0}) {
    for (const double sigma : {0.0, 0.125, 0.25})
      report.points.push_back(summarize({bits, sigma}, std::vector<double>{0.5, 0.75}));
  }
  return report;
}

TEST(AccuracyFigures, GridHasACurveForEachValueOfTheSecondParameter) {
  const std::string svg = accuracy_figures(grid_report())[0].svg;
  EXPECT_EQ(count_of(svg, "polyline"), 3);
  EXPECT_NE(svg.find("read.sigma_fraction = 0.125"), std::string::npos);
}

TEST(AccuracyCsv, OfAGridHasALineAPointAndTrialWithBothValues) {
  const std::string text = accuracy_csv(grid_report());
  EXPECT_EQ(std::ranges::count(text, '\n'), 1 + 2 * 3 * 2);
  EXPECT_TRUE(text.starts_with("adc.bits,read.sigma_fraction,trial,accuracy_fraction\n4,0,0,0.5\n4,0,1,0.75\n"));
  EXPECT_NE(text.find("\n5,0.125,1,0.75\n"), std::string::npos);
}

TEST(AccuracyFigures, LayerThatGainsShowsNoLoss) {
  // A bar needs a length; the file has the gain.
  EXPECT_EQ(accuracy_figures(example_report(1))[2].svg.find("-0.5"), std::string::npos);
}

}  // namespace
}  // namespace crossloom
