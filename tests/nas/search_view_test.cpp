#include "nas/candidate/search_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/report/xml_reader.h"

namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Three candidates: one in the front, one beaten, one that breaks its limit.
ResultsTable candidates() {
  return {
      "candidate,kernel,scored_latency_ns,scored_memory_bytes,violation_crossbars,failure\n"
      "0,3,100,50,0,\n1,5,200,60,-0.5,\n2,7,90,40,0.25,\n3,9,,,,too small\n",
      "candidates.csv"};
}

ResultsTable front() {
  return {"candidate,kernel,scored_latency_ns,scored_memory_bytes,memory_bytes,latency_ns\n0,3,100,50,50,104\n", "front.csv"};
}

std::int64_t num_elements_of(const std::string& svg, const std::string& name) {
  const std::vector<XmlElement> elements = read_xml(svg);
  return std::ranges::count_if(elements, [&](const XmlElement& element) { return element.name == name; });
}

TEST(SearchFigures, TellCandidatesApart) {
  const std::vector<NamedFigure> figures = search_figures(candidates(), front());
  ASSERT_EQ(figures[0].name, "objectives_latency_ns_memory_bytes");
  EXPECT_EQ(num_elements_of(figures[0].svg, "circle"), 3);
  EXPECT_THAT(figures[0].svg, HasSubstr("front: 50, 100 ns"));
  EXPECT_THAT(figures[0].svg, HasSubstr("beaten: 60, 200 ns"));
  EXPECT_THAT(figures[0].svg, HasSubstr("breaks a limit: 40, 90 ns"));
}

TEST(SearchFigures, CompareScoresWithTheSimulatorWhereTheyDiffer) {
  std::vector<std::string> names;
  for (const NamedFigure& figure : search_figures(candidates(), front())) names.push_back(figure.name);
  EXPECT_THAT(names, ElementsAre("objectives_latency_ns_memory_bytes", "simulated_latency_ns"));
}

TEST(SearchFigures, ShowTheFrontAndTheBaselineOnTheTestImages) {
  const ResultsTable timed("candidate,scored_latency_ns,latency_ns,speedup_over_baseline\n4,100,100,20\n7,50,50,40\n",
                           "front.csv");
  const ResultsTable test(
      "candidate,inherited_test_accuracy_fraction,retrained_test_accuracy_fraction\n4,0.7,0.75\n7,0.6,\nbaseline,,0.72\n",
      "test.csv");
  const std::vector<NamedFigure> figures = search_figures(candidates(), timed, &test);
  ASSERT_EQ(figures.front().name, "test_accuracy");
  const std::string& svg = figures.front().svg;
  EXPECT_EQ(num_elements_of(svg, "circle"), 4);
  EXPECT_THAT(svg, HasSubstr("inherited weights: 20 x, 0.7"));
  EXPECT_THAT(svg, HasSubstr("inherited weights: 40 x, 0.6"));
  EXPECT_THAT(svg, HasSubstr("retrained: 20 x, 0.75"));
  EXPECT_THAT(svg, HasSubstr("baseline: 1 x, 0.72"));
  EXPECT_NE(search_figures(candidates(), front(), &test).front().name, "test_accuracy");  // no baseline was searched with
}

TEST(SearchPage, HasGenesLast) {
  const std::string page = search_page(candidates(), front(), "Search");
  EXPECT_LT(page.find("latency_ns</button>"), page.find("kernel</button>"));
}

TEST(SearchPage, ShowsTheFrontAsATable) {
  const std::string page = search_page(candidates(), front(), "Search");
  EXPECT_THAT(page, HasSubstr("4 candidates, 1 in the front."));
  EXPECT_EQ(num_elements_of(page, "td"), 2 * 6);  // filters and one row
}

TEST(SearchPage, OfASearchInWhichNothingWasFeasible) {
  const ResultsTable none("candidate,kernel,scored_latency_ns,scored_memory_bytes,memory_bytes,latency_ns\n", "front.csv");
  EXPECT_THAT(search_page(candidates(), none, "Search"), HasSubstr("4 candidates, 0 in the front."));
}

}  // namespace
}  // namespace crossloom
