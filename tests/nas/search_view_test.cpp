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
