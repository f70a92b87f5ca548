#include "report/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/comparison_figures.h"
#include "tests/report/xml_reader.h"

namespace crossloom {
namespace {

const std::string kName = "a<b> & \"c\" 'd' \u4e2d";

RunMetrics metrics_of(std::int64_t batch, double adc_pj, double cell_pj, double bus_ns) {
  RunMetrics metrics;
  metrics.batch = batch;
  metrics.latency_ns = 100;
  metrics.energy_pj.adc = adc_pj;
  metrics.energy_pj.cell = cell_pj;
  metrics.energy_pj.total = adc_pj + cell_pj;
  metrics.energy_per_inference_pj = metrics.energy_pj.total / static_cast<double>(batch);
  metrics.stalls_ns.noc = 8;
  metrics.resources = {
      {.kind = "bus", .busiest = "bus of tile 3", .busy_ns = bus_ns, .time_ns = {}, .utilization_over_time_fraction = {}}};
  return metrics;
}

TEST(Explain, ChangesOfEnergyAreOfAMeanImageLargestFirst) {
  const Explanation explanation = explain(metrics_of(1, 10, 5, 4), metrics_of(2, 22, 2, 4));
  EXPECT_EQ(explanation.energy_pj, (std::vector<Difference>{{"cell", 5, 1}, {"adc", 10, 11}}));
}

TEST(Explain, ChangesOfEnergyAddUpToThatOfTheWhole) {
  const RunMetrics first = metrics_of(1, 10, 5, 4);
  const RunMetrics other = metrics_of(4, 100, 9, 4);
  double sum = 0.0;
  for (const Difference& difference : explain(first, other).energy_pj) sum += difference.change();
  EXPECT_DOUBLE_EQ(sum, other.energy_per_inference_pj - first.energy_per_inference_pj);
}

TEST(Explain, AResourceThatOnlyOneRunUsesIsZeroInTheOther) {
  RunMetrics other = metrics_of(1, 1, 1, 6);
  other.resources.front().kind = "crossbar";
  EXPECT_EQ(explain(metrics_of(1, 1, 1, 4), other).busy_ns, (std::vector<Difference>{{"crossbar", 0, 6}, {"bus", 4, 0}}));
}

TEST(Explain, WhatIsZeroInBothIsLeftOut) {
  EXPECT_EQ(explain(metrics_of(1, 1, 1, 4), metrics_of(2, 1, 1, 4)).stalls_ns, (std::vector<Difference>{{"noc", 8, 4}}));
}

TEST(Comparison, RowsGiveTheFactorToTheFirstRun) {
  std::vector<ComparedRun> runs = {{"a", metrics_of(1, 10, 10, 4)}, {"b", metrics_of(1, 10, 30, 4)}};
  for (const std::vector<std::string>& row : comparison_rows(runs)) {
    ASSERT_EQ(row.size(), 4U);
    if (row.front() != "energy_per_inference_pj") continue;
    EXPECT_EQ(row.back(), "x 2.000");
  }
}

TEST(Comparison, TextNamesRunsAndWhatChanged) {
  const std::string text = comparison_text({{"one", metrics_of(1, 10, 5, 4)}, {"two", metrics_of(1, 22, 2, 4)}});
  EXPECT_THAT(text, testing::HasSubstr("two against one"));
  EXPECT_THAT(text, testing::HasSubstr("+12.00 pJ"));
}

TEST(Comparison, PageAndFiguresAreXmlWithEscapedNames) {
  const std::vector<ComparedRun> runs = {
      {kName, metrics_of(1, 10, 5, 4)}, {"b", metrics_of(2, 10, 5, 4)}, {"c", metrics_of(2, 1, 5, 4)}};
  for (const NamedFigure& figure : comparison_figures(runs)) EXPECT_FALSE(read_xml(figure.svg).empty()) << figure.name;
  std::int64_t num_heads = 0;
  for (const XmlElement& element : read_xml(comparison_page(runs))) {
    num_heads += element.name == "th" && element.text == kName ? 1 : 0;
    EXPECT_EQ(element.attributes.count("href") + element.attributes.count("src"), 0U);
  }
  EXPECT_EQ(num_heads, 1);
}

}  // namespace
}  // namespace crossloom
