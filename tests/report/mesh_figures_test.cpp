#include "report/mesh_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "report/plot_style.h"
#include "tests/report/xml_reader.h"
#include "tests/simulator/program/test_programs.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

using testing::HasSubstr;

/// A 16 x 16 and a 16 x 4 layer in two crossbars of tile 0, on 2 x 2 routers of one tile of four crossbars.
TileMap example_map() {
  TileMap map =
      chain_program(test_chip(), {.channels = 16, .height = 2, .width = 2}, {{.output_channels = 16}, {.output_channels = 4}})
          .tile_map;
  map.matrices[0].layer = "first";
  map.matrices[1].layer = "second";
  return map;
}

/// Elements whose hover text (a <title> that follows them) has `text`.
std::vector<XmlElement> elements_of(const std::string& svg, const std::string& text) {
  const std::vector<XmlElement> all = read_xml(svg);
  std::vector<XmlElement> found;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].name == "title" && all[i].text.find(text) != std::string::npos) found.push_back(all[i - 1]);
  }
  return found;
}

TEST(MeshUtilization, OfARouterIsTheMeanOfItsUsedCrossbars) {
  RunMetrics metrics;
  metrics.makespan_ns = 100;
  metrics.layers = {{.name = "first", .num_blocks = 2, .crossbar_busy_ns = 80},
                    {.name = "second", .num_blocks = 1, .crossbar_busy_ns = 20}};
  const std::string svg = mesh_utilization_svg(example_map(), metrics);
  // A block of the first layer works 40 of 100 ns, that of the second 20: two crossbars, (0.4 + 0.2) / 2.
  EXPECT_EQ(elements_of(svg, "router (0, 0): 2 crossbars used, in work 0.3000 of the makespan").size(), 1U);
  EXPECT_EQ(elements_of(svg, "0 crossbars used").size(), 3U);
}

TEST(MeshUtilization, LinksStandForTheirShareOfTheMakespan) {
  RunMetrics metrics;
  metrics.makespan_ns = 100;
  metrics.links = {
      {.from = "router (0, 0)", .to = "router (0, 1)", .busy_ns = 75, .num_messages = 3, .num_flits = 1200},
      {.from = "router (0, 1)", .to = "router (1, 1)", .busy_ns = 25, .num_messages = 1, .num_flits = 400},
      {.from = "router (1, 1)", .to = "tile 3", .busy_ns = 100, .num_messages = 1, .num_flits = 400},
  };
  const std::string svg = mesh_utilization_svg(example_map(), metrics);
  const std::vector<XmlElement> links =
      elements_of(svg, "router (0, 0) to router (0, 1): taken 0.7500 of the makespan, 3 messages, 1,200 flits");
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].attributes.at("fill"), viridis_colour(1));
  const std::vector<XmlElement> down = elements_of(svg, "router (0, 1) to router (1, 1)");
  ASSERT_EQ(down.size(), 1U);
  EXPECT_EQ(down[0].attributes.at("fill"), viridis_colour(25.0 / 75.0));
}

TEST(MeshTraffic, OfARouterIsWhatItsTilesAndTheIoPortSentAndReceived) {
  TileMap map = example_map();
  map.chip.noc.flit_bits = 16;
  RunMetrics metrics;
  metrics.makespan_ns = 100;
  metrics.links = {
      {.from = "IO port", .to = "router (0, 0)", .busy_ns = 1, .num_messages = 1, .num_flits = 1'000'000},
      {.from = "router (0, 0)", .to = "tile 0", .busy_ns = 1, .num_messages = 1, .num_flits = 500'000},
      {.from = "tile 1", .to = "router (0, 1)", .busy_ns = 1, .num_messages = 1, .num_flits = 250'000},
  };
  const std::string svg = mesh_traffic_svg(map, metrics);
  EXPECT_EQ(elements_of(svg, "mesh row 0, mesh column 0: 3 MB").size(), 1U);  // 1.5 million flits of 2 bytes
  EXPECT_EQ(elements_of(svg, "mesh row 0, mesh column 1: 0.5 MB").size(), 1U);
  EXPECT_EQ(elements_of(svg, "mesh row 1, mesh column 0: none").size(), 1U);
}

TEST(MeshFigures, RefuseALinkThatTheChipDoesNotHave) {
  RunMetrics metrics;
  metrics.links = {{.from = "router (0, 0)", .to = "tile 4", .busy_ns = 1, .num_messages = 1, .num_flits = 1}};
  EXPECT_THAT(user_error([&] { return mesh_traffic_svg(example_map(), metrics); }),
              HasSubstr("metrics.json: links: from router (0, 0) to tile 4, allowed: links of test"));
}

}  // namespace
}  // namespace crossloom
