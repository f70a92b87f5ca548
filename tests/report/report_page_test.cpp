#include "report/report_page.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "report/run_figures.h"
#include "simulator/hardware/chip_geometry.h"
#include "tests/report/xml_reader.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

const std::string kLayer = "a<b> & \"c\" 'd' \u4e2d";

/// A 16 x 16 and a 16 x 4 layer, each in a crossbar.
RunResults example_results() {
  TileMap map =
      chain_program(test_chip(), {.channels = 16, .height = 2, .width = 2}, {{.output_channels = 16}, {.output_channels = 4}})
          .tile_map;
  map.network = kLayer;
  map.matrices.front().layer = kLayer;
  return {.tile_map = std::move(map), .metrics = RunMetrics{}};
}

TEST(ReportPage, IsXmlAndNamesAreEscaped) {
  const std::vector<XmlElement> elements = read_xml(report_page(example_results()));
  std::int64_t num_headings = 0;
  for (const XmlElement& element : elements) num_headings += element.name == "h1" && element.text.starts_with(kLayer) ? 1 : 0;
  EXPECT_EQ(num_headings, 1);
}

TEST(ReportPage, AsksForNothingFromOutside) {
  for (const XmlElement& element : read_xml(report_page(example_results()))) {
    EXPECT_EQ(element.attributes.count("src"), 0U);
    EXPECT_EQ(element.attributes.count("href"), 0U);
  }
}

TEST(RunFigures, AllAreXml) {
  for (const NamedFigure& figure : run_figures(example_results())) EXPECT_FALSE(read_xml(figure.svg).empty()) << figure.name;
}

TEST(RunFigures, RectanglesOfTheCrossbarsAreThoseOfTheTileMap) {
  const RunResults results = example_results();
  const TileMap& map = results.tile_map;
  std::vector<std::array<double, 4>> drawn;
  double panel_width = 0.0;
  for (const XmlElement& element : read_xml(run_figures(results).front().svg)) {
    const auto css_class = element.attributes.find("class");
    if (element.name != "rect" || css_class == element.attributes.end()) continue;
    if (css_class->second == "empty") panel_width = std::stod(element.attributes.at("width"));
    if (!css_class->second.ends_with(" edge")) continue;
    const double scale = panel_width / static_cast<double>(num_weight_cols(map.chip));
    const auto value = [&](const char* key) { return std::round(std::stod(element.attributes.at(key)) / scale); };
    drawn.push_back({value("x"), value("y"), value("width"), value("height")});
  }
  std::vector<std::array<double, 4>> expected;
  for (const CrossbarContents& contents : map.crossbars) {
    for (const PlacedBlock& block : contents.blocks) {
      expected.push_back({static_cast<double>(block.col0), static_cast<double>(block.row0), static_cast<double>(block.cols),
                          static_cast<double>(block.rows)});
    }
  }
  EXPECT_EQ(drawn, expected);
}

TEST(RunFigures, WithoutMetricsOnlyTheMapIsDrawn) {
  const RunResults results = {.tile_map = example_results().tile_map, .metrics = {}};
  const std::vector<NamedFigure> figures = run_figures(results);
  ASSERT_EQ(figures.size(), 2U);
  EXPECT_EQ(figures[0].name, "crossbars");
  EXPECT_EQ(figures[1].name, "mesh");
}

}  // namespace
}  // namespace crossloom
