#include "sweep/sweep_points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "support/number_text.h"
#include "tests/sweep/example_sweep.h"

namespace crossloom {
namespace {

using Points = std::vector<std::vector<std::string>>;

Sweep sweep_of(const std::string& rest) { return parse_sweep_yaml("evaluate: estimate\n" + rest, "sweep.yaml"); }

TEST(SweepPoints, OfAProductTurnTheLastAxisFastest) {
  const Sweep sweep = sweep_of("axes: {network: [a, b], chip: c, seed: [1, 2]}\n");
  EXPECT_EQ(keys_of(sweep), (std::vector<std::string>{"network", "chip", "seed"}));
  EXPECT_EQ(all_points(sweep), (Points{{"a", "c", "1"}, {"a", "c", "2"}, {"b", "c", "1"}, {"b", "c", "2"}}));
}

TEST(SweepPoints, WalkLinkedKeysSideBySide) {
  const Sweep sweep =
      sweep_of("axes: {network: a, chip: c}\nlinked:\n  - {crossbar.rows: [64, 128], crossbar.cols: [32, 16]}\n");
  EXPECT_EQ(all_points(sweep), (Points{{"a", "c", "64", "32"}, {"a", "c", "128", "16"}}));
}

TEST(SweepPoints, WalkRangesFromFirstToLast) {
  const Sweep sweep = sweep_of(
      "axes:\n  network: a\n  chip: c\n  crossbar.rows: {first: 32, last: 200, factor: 2}\n"
      "  adc.bits: {first: 0.1, last: 0.3, step: 0.1}\n");
  std::set<std::string> rows;
  std::set<double> bits;
  for (const std::vector<std::string>& point : all_points(sweep)) {
    rows.insert(point[2]);
    bits.insert(*parse_number(point[3]));
  }
  EXPECT_EQ(rows, (std::set<std::string>{"32", "64", "128"}));
  ASSERT_EQ(bits.size(), 3U);
  EXPECT_NEAR(*bits.rbegin(), 0.3, 1e-12);
}

TEST(SweepPoints, DropWhatAFilterRefuses) { EXPECT_EQ(all_points(small_sweep()).size(), 12U); }

TEST(SweepPoints, OfALatinHypercubeHaveOneInEachPartOfAnAxis) {
  const Sweep sweep = sweep_of(
      "sample: {kind: latin_hypercube, points: 50, seed: 3}\naxes:\n  network: a\n  chip: [c, d]\n"
      "  noc.hop_cycles: {min: 2, max: 3}\n  clock.digital_hz: {min: 1e6, max: 1e9, logarithmic: true}\n");
  std::vector<int> linear(50, 0);
  std::vector<int> logarithmic(50, 0);
  int num_c = 0;
  for (const std::vector<std::string>& point : all_points(sweep)) {
    num_c += point[1] == "c" ? 1 : 0;
    ++linear.at(static_cast<std::size_t>((*parse_number(point[2]) - 2.0) * 50.0));
    ++logarithmic.at(static_cast<std::size_t>(std::log10(*parse_number(point[3]) / 1e6) / 3.0 * 50.0));
  }
  EXPECT_EQ(num_c, 25);
  EXPECT_EQ(std::ranges::count(linear, 1), 50);
  EXPECT_EQ(std::ranges::count(logarithmic, 1), 50);
}

TEST(SweepPoints, OfARandomSampleReachEveryIntegerAndStayInTheRange) {
  const Sweep sweep = sweep_of(
      "sample: {kind: random, points: 200, seed: 0}\naxes: {network: a, chip: c, adc.bits: {min: 4, max: 8, integer: true}}\n");
  std::set<std::string> bits;
  for (const std::vector<std::string>& point : all_points(sweep)) bits.insert(point[2]);
  EXPECT_EQ(bits, (std::set<std::string>{"4", "5", "6", "7", "8"}));
}

TEST(SweepPoints, OfASampleDependOnTheSeed) {
  const auto points = [](const std::string& seed) {
    return all_points(sweep_of("sample: {kind: random, points: 20, seed: " + seed +
                               "}\naxes: {network: a, chip: c, noc.hop_cycles: {min: 0, max: 1}}\n"));
  };
  EXPECT_EQ(points("1"), points("1"));
  EXPECT_NE(points("1"), points("2"));
}

}  // namespace
}  // namespace crossloom
