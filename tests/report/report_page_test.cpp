#include "report/report_page.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "report/crossbar_data.h"
#include "report/layer_table.h"
#include "report/run_figures.h"
#include "support/config_reader.h"
#include "support/document.h"
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

/// Tile, number of the crossbar among the drawn ones of its tile, layer, column, row, columns, rows.
using DrawnBlock = std::array<std::int64_t, 7>;

/// Reads the rectangles of one path: `M x yhWIDTHvHEIGHTh-WIDTHz` again and again.
std::vector<std::array<std::int64_t, 4>> rectangles_of(const std::string& path) {
  std::vector<std::array<std::int64_t, 4>> rectangles;
  std::istringstream text(path);
  char command = 'M';
  while (text >> command) {
    std::array<std::int64_t, 5> numbers{};
    text >> numbers[0] >> numbers[1] >> command >> numbers[2] >> command >> numbers[3] >> command >> numbers[4] >> command;
    EXPECT_EQ(numbers[4], -numbers[2]);
    EXPECT_EQ(command, 'z');
    rectangles.push_back({numbers[0], numbers[1], numbers[2], numbers[3]});
  }
  return rectangles;
}

std::vector<DrawnBlock> drawn_blocks(const std::string& svg) {
  std::vector<DrawnBlock> blocks;
  std::int64_t tile = -1;
  std::map<std::string, std::string> layout;
  for (const XmlElement& element : read_xml(svg)) {
    const auto attribute = [&element](const char* key) {
      const auto found = element.attributes.find(key);
      return found == element.attributes.end() ? std::string() : found->second;
    };
    const std::string css_class = attribute("class");
    if (css_class.starts_with("section s")) tile = std::stoll(css_class.substr(9));
    if (!attribute("data-columns").empty()) layout = element.attributes;
    if (element.name != "path" || !css_class.ends_with(" edge")) continue;
    const std::int64_t x_pitch = std::stoll(layout.at("data-pitch-x"));
    const std::int64_t y_pitch = std::stoll(layout.at("data-pitch-y"));
    for (const auto& [x, y, width, height] : rectangles_of(attribute("d"))) {
      const std::int64_t panel = y / y_pitch * std::stoll(layout.at("data-columns")) + x / x_pitch;
      blocks.push_back({tile, panel, std::stoll(css_class.substr(1)), x % x_pitch, y % y_pitch, width, height});
    }
  }
  std::sort(blocks.begin(), blocks.end());
  return blocks;
}

std::vector<DrawnBlock> blocks_of(const TileMap& map) {
  std::vector<DrawnBlock> blocks;
  std::map<std::int64_t, std::int64_t> num_panels;
  for (const CrossbarContents& contents : map.crossbars) {
    const std::int64_t panel = num_panels[contents.tile]++;
    for (const PlacedBlock& block : contents.blocks) {
      blocks.push_back({contents.tile, panel, block.matrix, block.col0, block.row0, block.cols, block.rows});
    }
  }
  std::sort(blocks.begin(), blocks.end());
  return blocks;
}

TEST(RunFigures, RectanglesOfTheCrossbarsAreThoseOfTheTileMap) {
  const RunResults results = example_results();
  EXPECT_EQ(drawn_blocks(run_figures(results).front().svg), blocks_of(results.tile_map));
}

TEST(RunFigures, RectanglesAreThoseOfTheTileMapWhenATileHasSeveralLinesOfCrossbars) {
  RunResults results = example_results();
  CrossbarContents contents = results.tile_map.crossbars.front();
  for (std::int64_t i = 0; i < 40; ++i) {
    contents.blocks.front().col0 = i % 3;
    contents.blocks.front().rows = 1 + i % 5;
    results.tile_map.crossbars.push_back(contents);
  }
  EXPECT_EQ(drawn_blocks(run_figures(results).front().svg), blocks_of(results.tile_map));
}

TEST(CrossbarData, HoldsEveryBlockOfTheTileMapUnderItsTile) {
  const RunResults results = example_results();
  const TileMap& map = results.tile_map;
  const Document document = parse_json(crossbar_data(map), "data");
  ConfigReader reader(document, "data");
  EXPECT_EQ(reader.texts("layers").front(), kLayer);
  std::vector<std::int64_t> numbers;
  for (const auto& [tile, panels] : document.members.back().second.members) {
    for (const Document& panel : panels.items) {
      numbers.push_back(std::stoll(tile));
      for (const Document& number : panel.items) numbers.push_back(std::stoll(number.scalar));
    }
  }
  std::vector<std::int64_t> expected;
  for (const CrossbarContents& contents : map.crossbars) {
    expected.insert(expected.end(), {contents.tile, contents.crossbar});
    for (const PlacedBlock& block : contents.blocks) {
      expected.insert(expected.end(), {block.matrix, block.copy, block.matrix_row0, block.matrix_col0, block.rows, block.cols,
                                       block.row0, block.col0});
    }
  }
  EXPECT_EQ(numbers, expected);
}

TEST(CrossbarData, HasNoCharacterThatXmlReserves) {
  EXPECT_EQ(crossbar_data(example_results().tile_map).find_first_of("<>&"), std::string::npos);
}

TEST(LayerTable, HasOneCellAFieldOfEveryLayer) {
  RunResults results = example_results();
  results.metrics->layers.resize(3);
  results.metrics->layers[1].name = kLayer;
  std::int64_t num_heads = 0;
  std::int64_t num_cells = 0;
  std::int64_t num_names = 0;
  for (const XmlElement& element : read_xml(layer_table_html(*results.metrics))) {
    num_heads += element.name == "th" ? 1 : 0;
    num_cells += element.name == "td" ? 1 : 0;
    num_names += element.text == kLayer && element.attributes.at("data-value") == kLayer ? 1 : 0;
  }
  EXPECT_GE(num_heads, 12);
  EXPECT_EQ(num_cells, 3 * num_heads);
  EXPECT_EQ(num_names, 1);
}

TEST(RunFigures, HaveTheirNamesInOrder) {
  std::vector<std::string_view> names;
  const std::vector<NamedFigure> figures = run_figures(example_results());
  for (const NamedFigure& figure : figures) names.push_back(figure.name);
  EXPECT_TRUE(std::ranges::equal(names, kRunFigureNames));
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
