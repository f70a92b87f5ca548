#include <gtest/gtest.h>

#include "simulator/trace/trace_recorder.h"
#include "support/error.h"

namespace crossloom {
namespace {

TEST(TraceRecorderErrors, RefusesAWindowThatEndsBeforeItBegins) {
  EXPECT_THROW(TraceRecorder({.begin_fs = 5, .end_fs = 5}), UserError);
  EXPECT_THROW(TraceRecorder({.begin_fs = -1}), UserError);
  EXPECT_NO_THROW(TraceRecorder({.begin_fs = 5, .end_fs = 6}));
}

TEST(TraceRecorderErrors, RefusesAStepBelowOneAndALimitBelowAMillionBytes) {
  EXPECT_THROW(TraceRecorder({.window_step = 0}), UserError);
  EXPECT_THROW(TraceRecorder({.max_bytes = 999'999}), UserError);
  EXPECT_NO_THROW(TraceRecorder({.max_bytes = 1'000'000}));
}

}  // namespace
}  // namespace crossloom
