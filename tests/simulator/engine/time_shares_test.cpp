#include "simulator/engine/time_shares.h"

#include <gtest/gtest.h>

namespace crossloom {
namespace {

TEST(ServerRecord, SplitsAGapOverWhatTheNextWindowWaitedFor) {
  ServerRecord server;
  server.serve(10, {.inputs_fs = 13, .register_fs = 17, .begin_fs = 24, .granted_fs = 35, .arrived_fs = 48}, 61, 9);
  EXPECT_EQ(server.begin_fs, 10);
  EXPECT_EQ(server.free_fs, 70);
  EXPECT_EQ(server.shares, (TimeShares<TimeFs>{.busy = 9,
                                               .input_data = 3,
                                               .input_register = 4,
                                               .output_buffer = 7,
                                               .buffer_and_bus = 11,
                                               .fetch = 13,
                                               .contention = 13}));
}

TEST(ServerRecord, CountsNoWaitWhileItIsBusy) {
  ServerRecord server;
  server.serve(0, {}, 0, 50);
  server.serve(0, {.inputs_fs = 20, .register_fs = 50, .begin_fs = 50, .granted_fs = 50, .arrived_fs = 54}, 54, 50);
  EXPECT_EQ(server.shares, (TimeShares<TimeFs>{.busy = 100, .fetch = 4}));
}

TEST(ServerRecord, LeavesNothingToAStepThatWasOverBeforeTheOneAheadOfIt) {
  ServerRecord server;
  server.serve(0, {.inputs_fs = 30, .register_fs = 20, .begin_fs = 30, .granted_fs = 30, .arrived_fs = 35}, 35, 1);
  EXPECT_EQ(server.shares, (TimeShares<TimeFs>{.busy = 1, .input_data = 30, .fetch = 5}));
}

}  // namespace
}  // namespace crossloom
