#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/trace/trace_checker.h"

namespace crossloom {
namespace {

using testing::HasSubstr;

TraceEvent named_track(std::int64_t thread) { return {.phase = "M", .name = "thread_name", .category = {}, .thread = thread}; }
TraceEvent slice(std::int64_t thread, std::int64_t begin_ps, std::int64_t duration_ps) {
  return {.phase = "X", .name = "a", .category = {}, .thread = thread, .begin_ps = begin_ps, .duration_ps = duration_ps};
}
TraceEvent flow(const std::string& phase, std::int64_t begin_ps) {
  return {.phase = phase, .name = "data", .category = {}, .begin_ps = begin_ps, .flow = 1};
}

TEST(TraceCheckerErrors, NestedAndAdjacentSlicesAreRight) {
  EXPECT_TRUE(trace_findings({named_track(0), slice(0, 0, 10), slice(0, 2, 8), slice(0, 10, 1)}).empty());
}

TEST(TraceCheckerErrors, SlicesThatOverlapAreFound) {
  EXPECT_THAT(trace_findings({named_track(0), slice(0, 0, 10), slice(0, 9, 2)}).at(0), HasSubstr("overlaps"));
}

TEST(TraceCheckerErrors, TimesOutOfOrderAreFound) {
  EXPECT_THAT(trace_findings({named_track(0), named_track(1), slice(0, 5, 1), slice(1, 4, 1)}).at(0), HasSubstr("earlier"));
}

TEST(TraceCheckerErrors, ATrackWithoutANameIsFound) {
  EXPECT_THAT(trace_findings({slice(0, 5, 1)}).at(0), HasSubstr("without a name"));
}

TEST(TraceCheckerErrors, FlowsWithoutAnEndAreFound) {
  EXPECT_THAT(trace_findings({named_track(0), slice(0, 0, 9), flow("s", 1)}).at(0), HasSubstr("not one start"));
  EXPECT_THAT(trace_findings({named_track(0), slice(0, 0, 9), flow("f", 1), flow("s", 1)}).at(0), HasSubstr("not one start"));
}

TEST(TraceCheckerErrors, FlowsThatTouchNoSliceAreFound) {
  EXPECT_THAT(trace_findings({named_track(0), slice(0, 0, 2), flow("s", 1), flow("f", 3)}).at(0), HasSubstr("no slice"));
}

}  // namespace
}  // namespace crossloom
