#include "sweep/sweep_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "support/error.h"
#include "support/random_stream.h"
#include "sweep/table_view.h"
#include "tests/report/xml_reader.h"

namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr std::string_view kHeader =
    "point,hash,network,crossbar.rows,status,reason,num_crossbars_used,latency_ns,energy_per_inference_pj,area_um2\n";

ResultsTable example() {
  return {std::string(kHeader) +
              "0,a,<b>,64,done,,10,400,,5\n"
              "1,b,<b>,128,done,,20,100,,5\n"
              "2,c,other,64,done,,20,200,,6\n"
              "3,d,other,128,does_not_fit,\"needs 8, has 7\",,,,\n"
              "4,e,other,128,done,,5,900,,7\n",
          "results.csv"};
}

TEST(ResultsTable, ReadsQuotedCells) {
  const ResultsTable table = example();
  ASSERT_EQ(table.num_rows(), 5U);
  EXPECT_EQ(table.cell(3, table.column("reason")), "needs 8, has 7");
  EXPECT_EQ(table.number(3, table.column("latency_ns")), std::nullopt);
  EXPECT_EQ(table.number(4, table.column("latency_ns")), 900.0);
  EXPECT_THAT(table.axes(), ElementsAre(2U, 3U));
  EXPECT_THAT(table.values(3), ElementsAre("64", "128"));
}

TEST(ResultsTable, LeavesOutARowThatIsStillBeingWritten) {
  EXPECT_EQ(ResultsTable(std::string(kHeader) + "0,a,b,64,done,,10,4", "results.csv").num_rows(), 0U);
}

TEST(ResultsTableErrors, NameTheLine) {
  const auto read = [](const std::string& rows) {
    return [rows] { (void)ResultsTable(std::string(kHeader) + rows, "r.csv"); };
  };
  EXPECT_THAT(read("0,a\n"), ThrowsMessage<UserError>("r.csv:2: has 2 cells, allowed 10"));
  EXPECT_THAT(read("0,\"a\n"), ThrowsMessage<UserError>("r.csv:2: a quote is not closed"));
  EXPECT_THAT([] { (void)ResultsTable("", "r.csv"); }, ThrowsMessage<UserError>("r.csv: has no header line"));
  EXPECT_THAT([] { (void)example().column("latency"); }, ThrowsMessage<UserError>(HasSubstr("latency is no column")));
}

TEST(LeastFront, HasThePointsThatNoOtherBeats) {
  RandomStream random(5, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 50; ++trial) {
    std::string text = "x,y\n";
    for (int i = 0; i < 30; ++i)
      text += std::to_string(random.next_below(10)) + ',' + std::to_string(random.next_below(10)) + '\n';
    const ResultsTable table(text, "t.csv");
    const auto x = [&table](std::size_t row) { return *table.number(row, 0); };
    const auto y = [&table](std::size_t row) { return *table.number(row, 1); };
    std::vector<std::pair<double, double>> expected;
    for (std::size_t a = 0; a < table.num_rows(); ++a) {
      bool is_beaten = false;
      for (std::size_t b = 0; b < table.num_rows(); ++b) {
        is_beaten = is_beaten || (x(b) <= x(a) && y(b) <= y(a) && (x(b) < x(a) || y(b) < y(a)));
      }
      if (!is_beaten) expected.emplace_back(x(a), y(a));
    }
    std::ranges::sort(expected);
    expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
    std::vector<std::pair<double, double>> found;
    for (const std::size_t row : least_front(table, 0, 1)) found.emplace_back(x(row), y(row));
    EXPECT_EQ(found, expected);
  }
}

TEST(SweepFigures, AreThoseThatTheResultsAllow) {
  std::vector<std::string> names;
  for (const NamedFigure& figure : sweep_figures(example())) {
    names.push_back(figure.name);
    EXPECT_FALSE(read_xml(figure.svg).empty()) << figure.name;
  }
  EXPECT_THAT(names, ElementsAre("front_crossbars", "front_area", "effect_network", "effect_crossbar.rows",
                                 "best_network_crossbar.rows"));
}

TEST(SweepFigures, HaveAFrontOfEachNetwork) {
  // <b>: 400 ns in 10 crossbars, 100 ns in 20; other: 200 ns in 20, 900 ns in 5. By crossbars nothing is beaten.
  const std::vector<NamedFigure> figures = sweep_figures(example());
  EXPECT_THAT(figures.front().svg, HasSubstr("front of &lt;b&gt;: 10, 400 ns"));
  EXPECT_THAT(figures.front().svg, HasSubstr("front of other: 20, 200 ns"));
}

TEST(SweepFigures, LeaveOutAxesThatVaryTogether) {
  const ResultsTable table(
      "point,hash,rows,cols,adc,status,num_crossbars_used,energy_per_inference_pj,area_um2,latency_ns\n"
      "0,a,64,32,5,done,1,,,1\n1,b,128,64,5,done,1,,,2\n2,c,64,32,6,done,1,,,3\n3,d,128,64,6,done,1,,,4\n",
      "results.csv");
  std::vector<std::string> names;
  for (const NamedFigure& figure : sweep_figures(table)) names.push_back(figure.name);
  EXPECT_THAT(names,
              ElementsAre("front_crossbars", "effect_rows", "effect_cols", "effect_adc", "best_rows_adc", "best_cols_adc"));
}

TEST(SweepFigures, NameTheValuesOfTheAxesBesideTheCells) {
  const std::vector<NamedFigure> figures = sweep_figures(example());
  const std::vector<XmlElement> elements = read_xml(figures.back().svg);
  EXPECT_TRUE(std::ranges::any_of(elements, [](const XmlElement& element) { return element.text == "128"; }));
  EXPECT_TRUE(std::ranges::any_of(elements, [](const XmlElement& element) { return element.text == "other"; }));
}

TEST(SweepFigures, ShowTheGeometricMeanOfAValue) {
  // 64 rows: 400 and 200 ns; 128 rows: 100 and 900 ns.
  const std::vector<NamedFigure> figures = sweep_figures(example());
  const auto effect = std::ranges::find(figures, "effect_crossbar.rows", &NamedFigure::name);
  ASSERT_NE(effect, figures.end());
  EXPECT_THAT(effect->svg, HasSubstr("282.8"));
  EXPECT_THAT(effect->svg, HasSubstr("300"));
}

TEST(SweepPage, HasARowAPointWithItsTextsEscaped) {
  const std::string page = sweep_page(example(), "sizes");
  const std::vector<XmlElement> elements = read_xml(page);
  const auto num_cells = std::ranges::count_if(elements, [](const XmlElement& element) { return element.name == "td"; });
  EXPECT_EQ(num_cells, 10 + 5 * 10);
  EXPECT_THAT(page, HasSubstr("5 points, 1 does_not_fit, 4 done."));
  EXPECT_EQ(page.find("<b>"), std::string::npos);
}

TEST(SweepPlot, HasACurveAColour) {
  const std::string svg = sweep_plot_svg(example(), "num_crossbars_used", "latency_ns", "network");
  const std::vector<XmlElement> elements = read_xml(svg);
  EXPECT_EQ(std::ranges::count_if(elements, [](const XmlElement& element) { return element.name == "circle"; }), 4);
  EXPECT_THAT(svg, HasSubstr("network = other"));
}

TEST(SweepPlotErrors, NameTheColumn) {
  EXPECT_THAT([] { (void)sweep_plot_svg(example(), "latency_s", "latency_ns", ""); },
              ThrowsMessage<UserError>(HasSubstr("latency_s is no column (did you mean latency_ns?)")));
  EXPECT_THAT([] { (void)sweep_plot_svg(example(), "energy_per_inference_pj", "latency_ns", ""); },
              ThrowsMessage<UserError>("energy_per_inference_pj: has no numbers in these results"));
}

}  // namespace
}  // namespace crossloom
