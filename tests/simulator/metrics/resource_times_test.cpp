#include "simulator/metrics/resource_times.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <sstream>
#include <string>

#include "simulator/engine/buffer_sizing.h"
#include "support/random_stream.h"
#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/engine/random_programs.h"

/// No time is lost and none counted twice, to the femtosecond.
namespace crossloom {
namespace {

constexpr int kNumPrograms = 500;

template <class T>
TimeSumFs sum_of(const TimeShares<T>& shares) {
  TimeSumFs sum = 0;
  for (const auto share : kTimeShares<T>) sum += shares.*share;
  return sum;
}

template <class T>
bool has_negative_share(const TimeShares<T>& shares) {
  return std::ranges::any_of(kTimeShares<T>, [&](const auto share) { return shares.*share < 0; });
}

/// A random program that was run, every second one with line buffers of few pixels.
struct RandomRun {
  TestProgram test;
  RunPlan plan;
  RunRecord record;
  TimeFs makespan_fs = 0;
  bool was_held_up = false;
};

/// Calls `check(run)` for each run that does not deadlock; returns their number.
template <class Check>
int for_each_random_run(std::uint64_t seed, const Check& check) {
  RandomStream random(seed, {.purpose = RandomPurpose::kTest});
  int num_runs = 0;
  for (int trial = 0; trial < kNumPrograms; ++trial) {
    RandomRun run{.test = random_program(random), .plan = {}, .record = {}};
    if (trial % 4 >= 2) add_random_parts(run.test.program.chip, random);
    run.plan = plan_run(run.test.program);
    if (trial % 2 == 1) bound_line_buffers_uniformly(4 + static_cast<std::int64_t>(random.next_below(40)), run.plan);
    if (!explain_deadlock(run.plan).empty()) continue;
    run.record = run_engine(run.test.program.chip, run.plan, 1 + trial % 3);
    run.makespan_fs = *std::ranges::max_element(run.record.image_end_fs);
    run.was_held_up = run.record.stalls.output_buffer > 0;
    SCOPED_TRACE(trial);
    check(run);
    ++num_runs;
  }
  return num_runs;
}

TEST(ResourceTimes, BusyStallsAndIdleOfEachResourceAreTheWholeTime) {
  int num_held_up = 0;
  const int num_runs = for_each_random_run(41, [&](const RandomRun& run) {
    num_held_up += run.was_held_up ? 1 : 0;
    for (const ResourceClass& kind : resource_times(run.test.program, run.plan, run.record)) {
      for (const ResourceTimes& instance : kind.instances) {
        EXPECT_TRUE(sum_of(instance.shares) == run.makespan_fs) << instance.name;
        EXPECT_FALSE(has_negative_share(instance.shares)) << instance.name;
      }
    }
  });
  EXPECT_GE(num_runs, 400);
  EXPECT_GE(num_held_up, 50);
}

TEST(ResourceTimes, WorkAndWaitsOfEachOperationAreItsTimeFromStartToEnd) {
  (void)for_each_random_run(42, [](const RandomRun& run) {
    const std::vector<TimeShares<TimeSumFs>> times = operation_times(run.plan, run.record);
    std::vector<std::int64_t> num_servers(times.size());
    for (const GroupPlan& group : run.plan.groups) num_servers[group.operation] += std::max(group.num_blocks, 1U);
    for (std::size_t i = 0; i < times.size(); ++i) {
      const OperationRecord& seen = run.record.operations[i];
      EXPECT_TRUE(sum_of(times[i]) == TimeSumFs{num_servers[i]} * (seen.end_fs - seen.start_fs)) << "operation " << i;
      EXPECT_FALSE(has_negative_share(times[i])) << "operation " << i;
      if (run.plan.operations[i].kind != OperationKind::kCrossbar) continue;
      EXPECT_TRUE(times[i].busy == seen.crossbar_busy_fs) << "operation " << i;
    }
  });
}

TEST(ResourceTimes, TheBinsOfEachKindHoldItsBusyTimeAndNoneMoreThanItsWidth) {
  (void)for_each_random_run(43, [](const RandomRun& run) {
    for (const ResourceClass& kind : resource_times(run.test.program, run.plan, run.record)) {
      TimeSumFs busy_fs = 0;
      for (const ResourceTimes& instance : kind.instances) busy_fs += instance.shares.busy;
      const auto& bins = kind.timeline->bins();
      EXPECT_TRUE(std::accumulate(bins.begin(), bins.end(), TimeSumFs{0}) == busy_fs) << kind.kind;
      const TimeSumFs width_fs = TimeSumFs{kind.timeline->bin_fs()} * static_cast<std::int64_t>(kind.instances.size());
      EXPECT_TRUE(std::ranges::all_of(bins, [&](TimeSumFs bin) { return bin <= width_fs; })) << kind.kind;
    }
  });
}

TEST(ResourceTimes, CsvHasALineForEachInstanceWhoseTotalIsTheMakespan) {
  const TestProgram test = single_crossbar_program(test_chip(), {.channels = 4}, 3);
  const std::string csv = resource_times_csv(resource_times(test.program, plan_run(test.program), run_program(test.program)));
  std::istringstream lines(csv);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line,
            "kind,instance,busy_ns,input_data_ns,input_register_ns,output_buffer_ns,buffer_and_bus_ns,fetch_ns,contention_ns,"
            "array_ns,idle_ns,total_ns");
  std::size_t num_lines = 0;
  for (; std::getline(lines, line); ++num_lines) EXPECT_TRUE(line.ends_with(",53.5")) << line;  // one_window_test.cpp
  // Crossbar, ADCs, memory port, bus, vector unit, four links and two directions of the IO port.
  EXPECT_EQ(num_lines, 11U);
}

TEST(ResourceTimes, ConvertersAreBusyForTheConversionsOfTheirCrossbar) {
  // 4 input bits on 1-bit DACs: 4 phases. Each selects a column (1 ns) and converts 3 columns at 1 GS/s (3 ns).
  const TestProgram test = single_crossbar_program(test_chip(), {.channels = 4}, 3);
  const RunPlan plan = plan_run(test.program);
  const RunRecord record = run_program(test.program);
  const std::vector<ResourceClass> classes = resource_times(test.program, plan, record);
  ASSERT_EQ(classes[1].kind, "ADC");
  const TimeShares<TimeFs>& shares = classes[1].instances.front().shares;
  EXPECT_EQ(shares.busy, 4 * (1 + 3) * kNs);
  EXPECT_EQ(shares.busy + shares.array, classes[0].instances.front().shares.busy);
}

}  // namespace
}  // namespace crossloom
