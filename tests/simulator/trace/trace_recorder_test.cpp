#include "simulator/trace/trace_recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "simulator/simulate.h"
#include "tests/simulator/program/test_programs.h"
#include "tests/simulator/trace/trace_checker.h"

namespace crossloom {
namespace {

const std::string kName = "a<b> \"c\" \\d \u4e2d";

/// Two convolutions with a pooling between them, the first in two copies, on an 8 x 8 image.
PlacedProgram example_program() {
  PlacedProgram program = chain_program(test_chip(), {.channels = 2, .height = 8, .width = 8},
                                        {{.output_channels = 4, .kernel = 3, .padding = 1, .num_copies = 2},
                                         {.kind = OperationKind::kPooling, .kernel = 2, .stride = 2},
                                         {.output_channels = 20, .kernel = 1}})
                              .program;
  program.operations[1].name = kName;
  return program;
}

struct Traced {
  RunMetrics metrics;
  std::string json;
  std::int64_t window_step = 1;
};

Traced traced(const TraceOptions& options, std::int64_t batch = 1) {
  TraceRecorder recorder(options);
  Traced run;
  run.metrics = simulate(example_program(), {.batch = batch, .observer = &recorder});
  run.json = recorder.json();
  run.window_step = recorder.trace().window_step;
  return run;
}

std::int64_t num_events(const std::vector<TraceEvent>& events, const std::string& phase) {
  return std::count_if(events.begin(), events.end(), [&](const TraceEvent& event) { return event.phase == phase; });
}

TEST(Trace, PassesTheStrictChecker) {
  for (const std::int64_t batch : {1, 3}) {
    EXPECT_EQ(trace_findings(read_trace(traced({}, batch).json)), std::vector<std::string>{}) << batch;
  }
}

TEST(Trace, ShowsTheMemoriesBehindTheMesh) {
  PlacedProgram program = example_program();
  program.chip.dram = DramConfig{.bits_per_s = 2'000'000'000, .latency_ns = 30.0, .burst_bits = 64, .cost = {}};
  program.chip.global_buffer =
      BufferConfig{.capacity_bytes = 16, .num_ports = 2, .port_bits = 8, .access_cycles = 2, .cost = {}};
  TraceRecorder recorder({});
  const RunMetrics metrics = simulate(program, {.batch = 2, .observer = &recorder});
  const std::vector<TraceEvent> events = read_trace(recorder.json());
  EXPECT_EQ(trace_findings(events), std::vector<std::string>{});
  EXPECT_THAT(recorder.json(), testing::HasSubstr("\"DRAM\""));
  EXPECT_THAT(recorder.json(), testing::HasSubstr("\"global buffer port 1\""));
  // Each row, and each output pixel, goes in and out.
  const auto num_chunks = static_cast<std::int64_t>(2 * (8 + 16));
  for (const char* step : {"store", "load"}) {
    EXPECT_EQ(std::ranges::count(events, std::string(step), &TraceEvent::category), num_chunks) << step;
  }
  EXPECT_EQ(metrics.events.dram_bits % 64, 0);
}

TEST(Trace, ActivationsOfALayerLastAsLongAsItsCrossbarsWereBusy) {
  const Traced run = traced({}, 2);
  for (const LayerMetrics& layer : run.metrics.layers) {
    std::int64_t busy_ps = 0;
    for (const TraceEvent& event : read_trace(run.json)) {
      if (event.category == "activation" && event.name == layer.name) busy_ps += event.duration_ps;
    }
    EXPECT_DOUBLE_EQ(static_cast<double>(busy_ps) / 1000, layer.crossbar_busy_ns) << layer.name;
  }
}

TEST(Trace, MessagesTakeEachLinkAsLongAsTheMetricsSay) {
  const Traced run = traced({}, 2);
  std::int64_t busy_ps = 0;
  for (const TraceEvent& event : read_trace(run.json)) {
    constexpr std::int64_t kMeshProcess = 3;
    if (event.phase == "X" && event.process == kMeshProcess) busy_ps += event.duration_ps;
  }
  double busy_ns = 0.0;
  for (const LinkMetrics& link : run.metrics.links) busy_ns += link.busy_ns;
  EXPECT_GT(busy_ns, 0.0);
  EXPECT_DOUBLE_EQ(static_cast<double>(busy_ps) / 1000, busy_ns);
  EXPECT_THAT(run.json, testing::HasSubstr("\"IO port to router (0, 0)\""));
}

TEST(Trace, EveryWindowTakesItsInputsOverAFlow) {
  const Traced run = traced({});
  const std::vector<TraceEvent> events = read_trace(run.json);
  std::int64_t num_fetches = 0;
  for (const TraceEvent& event : events) {
    // A fetch takes port and bus; the flow ends at one of them.
    num_fetches += event.category == "fetch" ? 1 : 0;
    num_fetches += event.category == "output" ? 2 : 0;
  }
  EXPECT_EQ(num_events(events, "f"), num_fetches / 2);
}

TEST(Trace, LastsAsLongAsTheRun) {
  const Traced run = traced({}, 2);
  std::int64_t latest_ps = 0;
  for (const TraceEvent& event : read_trace(run.json)) {
    if (event.phase == "X") latest_ps = std::max(latest_ps, event.begin_ps + event.duration_ps);
  }
  EXPECT_DOUBLE_EQ(static_cast<double>(latest_ps) / 1000, run.metrics.makespan_ns);
}

TEST(Trace, KeepsEveryNthWindowOfALayer) {
  const std::vector<TraceEvent> all = read_trace(traced({}).json);
  const Traced run = traced({.window_step = 4});
  const std::vector<TraceEvent> sampled = read_trace(run.json);
  EXPECT_EQ(trace_findings(sampled), std::vector<std::string>{});
  const auto activations_of_first = [](const std::vector<TraceEvent>& events) {
    return std::count_if(events.begin(), events.end(),
                         [](const TraceEvent& event) { return event.name == kName && event.category == "activation"; });
  };
  EXPECT_EQ(activations_of_first(all), 4 * activations_of_first(sampled));
}

TEST(Trace, KeepsWhatReachesIntoItsWindow) {
  constexpr TimeFs kBegin = 300'000'000;
  constexpr TimeFs kEnd = 600'000'000;
  const std::vector<TraceEvent> events = read_trace(traced({.begin_fs = kBegin, .end_fs = kEnd}).json);
  std::int64_t num_slices = 0;
  for (const TraceEvent& event : read_trace(traced({}).json)) {
    const bool is_in = event.begin_ps < kEnd / 1000 && event.begin_ps + event.duration_ps > kBegin / 1000;
    num_slices += event.phase == "X" && is_in ? 1 : 0;
  }
  EXPECT_GT(num_slices, 0);
  EXPECT_EQ(num_events(events, "X"), num_slices);
  EXPECT_EQ(trace_findings(events), std::vector<std::string>{});
}

TEST(Trace, StaysBelowItsSizeByKeepingFewerWindows) {
  constexpr std::int64_t kMaxBytes = 1'000'000;
  ASSERT_GT(traced({}, 64).json.size(), static_cast<std::size_t>(kMaxBytes));
  const Traced run = traced({.max_bytes = kMaxBytes}, 64);
  EXPECT_LE(run.json.size(), static_cast<std::size_t>(kMaxBytes));
  EXPECT_GT(run.window_step, 1);
  EXPECT_EQ(trace_findings(read_trace(run.json)), std::vector<std::string>{});
}

TEST(Trace, CountersAddUpToTheBusyTimeOfTheCrossbars) {
  const Traced run = traced({.window_step = 8}, 2);
  double busy_ns = 0.0;
  for (const LayerMetrics& layer : run.metrics.layers) busy_ns += layer.crossbar_busy_ns;
  TraceRecorder recorder({});
  static_cast<void>(simulate(example_program(), {.batch = 2, .observer = &recorder}));
  const BusyTimeline& timeline = recorder.trace().busy.at(static_cast<std::size_t>(ResourceKind::kCrossbar));
  double counted_ns = 0.0;
  for (const auto bin : timeline.bins()) counted_ns += static_cast<double>(bin) / 1e6;
  EXPECT_NEAR(counted_ns, busy_ns, 1e-6 * busy_ns);
  EXPECT_GT(num_events(read_trace(run.json), "C"), 0);
}

TEST(Trace, DoesNotChangeTheRun) { EXPECT_EQ(traced({}, 3).metrics, simulate(example_program(), {.batch = 3})); }

}  // namespace
}  // namespace crossloom
