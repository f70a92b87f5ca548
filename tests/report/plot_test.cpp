#include "report/plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "report/plot_style.h"
#include "tests/report/xml_reader.h"

namespace crossloom {
namespace {

using testing::DoubleNear;
using testing::Pointwise;

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
  EXPECT_EQ(ticks_between(0.0, 9.0, 5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(ticks_between(0.0, 5.0, 5), (std::vector<double>{0, 1, 2, 3, 4, 5}));
}

TEST(Ticks, BeginNearTheLeastWhenItIsFarFromZero) {
  EXPECT_EQ(ticks_between(1.0, 9.0, 5), ticks_between(0.0, 9.0, 5));
  EXPECT_THAT(ticks_between(0.763, 0.791, 6), Pointwise(DoubleNear(1e-12), {0.76, 0.77, 0.78, 0.79, 0.8}));
  EXPECT_THAT(ticks_between(0.2, 0.3, 5), Pointwise(DoubleNear(1e-12), {0.2, 0.22, 0.24, 0.26, 0.28, 0.3}));
  EXPECT_EQ(ticks_between(-3.0, 9.0, 6), (std::vector<double>{-5, 0, 5, 10}));
  EXPECT_EQ(ticks_between(7.0, 7.0, 5), ticks_between(0.0, 7.0, 5));
  EXPECT_EQ(ticks_between(-7.0, -7.0, 5), (std::vector<double>{-8, -6, -4, -2, 0}));
}

TEST(LineChart, PointsSpreadOverTheAxisAndLinesBeginAtZero) {
  const auto height = [](CurveStyle style) {
    const std::string svg = line_chart_svg({.title = "t",
                                            .x_axis = {"latency", "ns"},
                                            .y_axis = {"accuracy"},
                                            .curves = {{"front", {1, 2}, {0.70, 0.80}}},
                                            .style = style});
    for (const XmlElement& element : read_xml(svg)) {
      if (element.name == "circle") return 336.0 - std::stod(element.attributes.at("cy"));
      if (element.name == "polyline") {
        const std::string points = element.attributes.at("points");
        return 336.0 - std::stod(points.substr(points.find(',') + 1));
      }
    }
    return std::nan("");
  };
  EXPECT_NEAR(height(CurveStyle::kPoints), 0.0, 0.01);              // 0.70 to 0.80 over 280 units
  EXPECT_NEAR(height(CurveStyle::kLine), 280 * 0.70 / 0.80, 0.01);  // 0 to 0.8
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

TEST(HeatMap, LinksLieInTheGapOnTheRightHandSideOfTheirDirection) {
  const std::string svg = heat_map_svg({.title = "t",
                                        .row_axis = {"row"},
                                        .col_axis = {"column"},
                                        .value_axis = {"load"},
                                        .rows = 2,
                                        .cols = 2,
                                        .values = {1, 1, 1, 1},
                                        .links = {{.from = 0, .to = 1, .value = 1, .label = "east"},
                                                  {.from = 1, .to = 0, .value = 1, .label = "west"},
                                                  {.from = 0, .to = 2, .value = 1, .label = "south"},
                                                  {.from = 2, .to = 0, .value = 1, .label = "north"}}});
  const std::vector<XmlElement> elements = read_xml(svg);
  const auto side = [&](const std::string& name, const char* attribute) {
    for (std::size_t i = 1; i < elements.size(); ++i) {
      if (elements[i].name == "title" && elements[i].text == name) return std::stod(elements[i - 1].attributes.at(attribute));
    }
    return std::nan("");
  };
  // Cells of 44 with squares of 22 in their middle, the first one's middle at (86, 62): gaps from 97 to 119 and 73 to 95.
  for (const char* name : {"east", "west"}) {
    EXPECT_DOUBLE_EQ(side(name, "x"), 97) << name;
    EXPECT_DOUBLE_EQ(side(name, "width"), 22) << name;
  }
  for (const char* name : {"south", "north"}) {
    EXPECT_DOUBLE_EQ(side(name, "y"), 73) << name;
    EXPECT_DOUBLE_EQ(side(name, "height"), 22) << name;
  }
  EXPECT_GT(side("east", "y"), 62);
  EXPECT_LT(side("west", "y") + side("west", "height"), 62);
  EXPECT_LT(side("south", "x") + side("south", "width"), 86);
  EXPECT_GT(side("north", "x"), 86);
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

TEST(RectangleMap, RectanglesOfAGroupInASectionAreOnePathInUnitsOfThePanel) {
  const std::string svg = rectangle_map_svg({.title = kName,
                                             .x_axis = {"columns"},
                                             .y_axis = {"rows"},
                                             .panel_width = 16,
                                             .panel_height = 32,
                                             .section_name = kName,
                                             .groups = {"first", kName},
                                             .panels = {{3, {{1, 0, 0, 8, 16}, {0, 8, 0, 8, 4}}}, {7, {{1, 2, 3, 4, 5}}}}});
  std::vector<std::string> paths;
  std::vector<std::string> sections;
  for (const XmlElement& element : read_xml(svg)) {
    const auto css_class = element.attributes.find("class");
    if (css_class == element.attributes.end()) continue;
    if (css_class->second.starts_with("section ")) sections.push_back(css_class->second);
    if (element.name == "path") paths.push_back(css_class->second + ": " + element.attributes.at("d"));
  }
  EXPECT_EQ(sections, (std::vector<std::string>{"section s3", "section s7"}));
  EXPECT_EQ(paths, (std::vector<std::string>{"empty: M0 0h16v32h-16z", "g0 edge: M8 0h8v4h-8z", "g1 edge: M0 0h8v16h-8z",
                                             "empty: M0 0h16v32h-16z", "g1 edge: M2 3h4v5h-4z"}));
}

TEST(RectangleMap, SixteenThousandPanelsStayWithinTwoScreens) {
  RectangleMap map = {.title = "t",
                      .x_axis = {"columns"},
                      .y_axis = {"rows"},
                      .panel_width = 16,
                      .panel_height = 128,
                      .section_name = "tile",
                      .groups = {"g"},
                      .panels = {}};
  for (std::int64_t i = 0; i < 16128; ++i) map.panels.push_back({.section = i / 96, .rectangles = {}});
  EXPECT_LT(std::stod(read_xml(rectangle_map_svg(map)).front().attributes.at("height")), 1600);
}

/// L* of a colour "#rrggbb" (CIE 1976; sRGB as IEC 61966-2-1), 0 to 100.
double lightness(const std::string& colour) {
  const auto linear = [&colour](std::size_t at) {
    const double c = std::stoi(colour.substr(at, 2), nullptr, 16) / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  const double luminance = 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5);
  return luminance > 216.0 / 24389 ? 116 * std::cbrt(luminance) - 16 : luminance * 24389 / 27;
}

TEST(CategoryColour, NeighboursDifferInLightnessSoThatEveryEyeTellsThemApart) {
  for (std::int64_t i = 0; i < 42; ++i) {
    EXPECT_GT(std::abs(lightness(category_colour(i)) - lightness(category_colour(i + 1))), 6) << i;
  }
}

TEST(CategoryColour, NoTwoOfTwentyOneAreTheSame) {
  for (std::int64_t i = 0; i < 21; ++i) {
    for (std::int64_t j = 0; j < i; ++j) EXPECT_NE(category_colour(i), category_colour(j));
  }
}

}  // namespace
}  // namespace crossloom
