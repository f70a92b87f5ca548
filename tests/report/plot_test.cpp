#include "report/plot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "report/plot_style.h"
#include "tests/report/xml_reader.h"

namespace crossloom {
namespace {

const std::string kName = "a<b> & \"c\" \u4e2d";

bool has_text(const std::vector<XmlElement>& elements, const std::string& text) {
  return std::any_of(elements.begin(), elements.end(), [&](const XmlElement& element) { return element.text == text; });
}

std::vector<XmlElement> filled_rectangles(const std::string& svg) {
  std::vector<XmlElement> rectangles;
  for (const XmlElement& element : read_xml(svg)) {
    if (element.name == "rect" && element.attributes.count("fill") == 1) rectangles.push_back(element);
  }
  return rectangles;
}

TEST(Ticks, AreTheRoundNumbersUpToTheFirstThatReachesTheLargest) {
  EXPECT_EQ(ticks_to(9.0, 5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(ticks_to(5.0, 5), (std::vector<double>{0, 1, 2, 3, 4, 5}));
}

TEST(BarChart, WidthsAreInTheProportionOfTheValues) {
  const std::string svg = bar_chart_svg({.title = "t",
                                         .category_axis = {"component"},
                                         .value_axis = {"energy", "pJ"},
                                         .categories = {"x", "y"},
                                         .series = {{"s", {1, 4}}}});
  const std::vector<XmlElement> bars = filled_rectangles(svg);
  ASSERT_EQ(bars.size(), 2U);
  EXPECT_DOUBLE_EQ(4 * std::stod(bars[0].attributes.at("width")), std::stod(bars[1].attributes.at("width")));
}

TEST(BarChart, StackedBarsBeginWhereTheOneBeforeEnds) {
  const std::string svg = bar_chart_svg({.title = "t",
                                         .category_axis = {"run"},
                                         .value_axis = {"energy", "pJ"},
                                         .categories = {kName},
                                         .series = {{"s", {1}}, {kName, {1}}}});
  const std::vector<XmlElement> bars = filled_rectangles(svg);
  ASSERT_EQ(bars.size(), 4U);  // two squares of the legend, two bars
  EXPECT_DOUBLE_EQ(std::stod(bars[2].attributes.at("x")) + std::stod(bars[2].attributes.at("width")),
                   std::stod(bars[3].attributes.at("x")));
}

TEST(BarChart, NamesItsAxesWithTheirUnits) {
  const std::string svg = bar_chart_svg({.title = kName,
                                         .category_axis = {"component"},
                                         .value_axis = {"energy", "pJ"},
                                         .categories = {kName},
                                         .series = {{"s", {1}}}});
  const std::vector<XmlElement> elements = read_xml(svg);
  EXPECT_TRUE(has_text(elements, "energy (pJ)"));
  EXPECT_TRUE(has_text(elements, "component"));
  EXPECT_TRUE(has_text(elements, kName));
}

TEST(LineChart, DrawsEveryPointAndBothAxes) {
  const std::string svg = line_chart_svg({.title = kName,
                                          .x_axis = {"area", "mm2"},
                                          .y_axis = {"accuracy"},
                                          .curves = {{kName, {1, 2}, {3, 4}}},
                                          .style = CurveStyle::kPoints});
  const std::vector<XmlElement> elements = read_xml(svg);
  EXPECT_EQ(std::count_if(elements.begin(), elements.end(), [](const auto& element) { return element.name == "circle"; }), 2);
  EXPECT_TRUE(has_text(elements, "area (mm2)"));
  EXPECT_TRUE(has_text(elements, "accuracy"));
}

TEST(HeatMap, TheLargestValueTakesTheBrightEndAndNoValueNoColour) {
  const std::string svg = heat_map_svg({.title = "t",
                                        .row_axis = {"row"},
                                        .col_axis = {"column"},
                                        .value_axis = {"load"},
                                        .rows = 1,
                                        .cols = 3,
                                        .values = {0, 5, -1}});
  std::vector<XmlElement> cells;
  for (const XmlElement& element : read_xml(svg)) {
    const auto css_class = element.attributes.find("class");
    if (element.name == "rect" && css_class != element.attributes.end()) cells.push_back(element);
  }
  ASSERT_EQ(cells.size(), 3U);
  EXPECT_EQ(cells[0].attributes.at("fill"), "#440154");
  EXPECT_EQ(cells[1].attributes.at("fill"), "#fde725");
  EXPECT_EQ(cells[2].attributes.count("fill"), 0U);
}

TEST(GanttChart, SpansLieAtTheirTimes) {
  const std::string svg = gantt_chart_svg({.title = "t",
                                           .time_axis = {"time", "ns"},
                                           .track_axis = {"layer"},
                                           .tracks = {"first", kName},
                                           .spans = {{0, 0, 50, kName}, {1, 50, 100, "b"}}});
  const std::vector<XmlElement> spans = filled_rectangles(svg);
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_DOUBLE_EQ(std::stod(spans[0].attributes.at("x")) + std::stod(spans[0].attributes.at("width")),
                   std::stod(spans[1].attributes.at("x")));
}

TEST(RectangleMap, EveryRectangleHasTheClassOfItsGroupAndEveryPanelThatOfItsSection) {
  const std::string svg = rectangle_map_svg({.title = kName,
                                             .x_axis = {"columns"},
                                             .y_axis = {"rows"},
                                             .panel_width = 16,
                                             .panel_height = 16,
                                             .groups = {"first", kName},
                                             .panels = {{kName, 3, {{1, 0, 0, 8, 16, kName}, {0, 8, 0, 8, 4, "b"}}}}});
  std::int64_t num_rectangles = 0;
  std::int64_t num_panels = 0;
  for (const XmlElement& element : read_xml(svg)) {
    const auto css_class = element.attributes.find("class");
    if (css_class == element.attributes.end()) continue;
    num_rectangles += css_class->second == "g0 edge" || css_class->second == "g1 edge" ? 1 : 0;
    num_panels += css_class->second == "panel s3" ? 1 : 0;
  }
  EXPECT_EQ(num_rectangles, 2);
  EXPECT_EQ(num_panels, 1);
}

TEST(CategoryColour, NoTwoOfSevenAreTheSame) {
  for (std::int64_t i = 0; i < 7; ++i) {
    for (std::int64_t j = 0; j < i; ++j) EXPECT_NE(category_colour(i, 7), category_colour(j, 7));
  }
}

}  // namespace
}  // namespace crossloom
