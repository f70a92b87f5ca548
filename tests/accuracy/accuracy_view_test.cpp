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
  if (num_points > 1) report.swept_parameter = "adc.bits";
  for (std::int64_t i = 0; i < num_points; ++i) {
    report.points.push_back(summarize(static_cast<double>(4 + i), std::vector<double>{0.5, 0.75}));
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

TEST(AccuracyFigures, LayerThatGainsShowsNoLoss) {
  // A bar needs a length; the file has the gain.
  EXPECT_EQ(accuracy_figures(example_report(1))[2].svg.find("-0.5"), std::string::npos);
}

}  // namespace
}  // namespace crossloom
