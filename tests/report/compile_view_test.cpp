#include "report/compile_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A compilation of nothing but its figures: 12 crossbars for single copies and an interval of 300 ns.
CompiledNetwork with_bounds(std::int64_t fewest_bound, double interval_bound_ns) {
  CompiledNetwork compiled;
  compiled.tile_map.chip = test_chip();
  compiled.num_crossbars_fewest = 12;
  compiled.fewest_bound = {.num_crossbars = fewest_bound, .reason = "columns"};
  compiled.objective = {.objective = {{.kind = ObjectiveKind::kThroughput}}, .value = 300.0, .bound = interval_bound_ns};
  return compiled;
}

std::string text(std::int64_t fewest_bound, double interval_bound_ns) {
  return compile_text(with_bounds(fewest_bound, interval_bound_ns), Detail::kShort);
}

TEST(CompileView, NamesTheBoundsAndTheirGaps) {
  const std::string shown = text(10, 200.0);
  EXPECT_THAT(shown, HasSubstr("at least 10 by columns, gap 0.2000"));
  EXPECT_THAT(shown, HasSubstr("at least 200.0 ns, gap 0.5000"));
  EXPECT_THAT(shown, Not(HasSubstr("optimal")));
}

TEST(CompileView, CallsOptimalWhatReachesItsBound) {
  EXPECT_THAT(text(12, 200.0), HasSubstr("num_crossbars_fewest, optimal"));
  EXPECT_THAT(text(10, 300.0), HasSubstr("optimal"));
}

TEST(CompileView, SaysSoWhereThereIsNoBound) {
  const std::string shown = text(10, 0.0);
  EXPECT_THAT(shown, HasSubstr("no bound"));
  EXPECT_THAT(shown, Not(HasSubstr("optimal")));
  EXPECT_THAT(compile_json(with_bounds(10, 0.0)).dump(), HasSubstr("\"objective_gap_fraction\": null"));
}

}  // namespace
}  // namespace crossloom
