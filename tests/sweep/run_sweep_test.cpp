#include "sweep/run_sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "compiler/import/load_network.h"
#include "simulator/estimate/network_estimate.h"
#include "simulator/hardware/chip_yaml.h"
#include "simulator/simulate.h"
#include "support/document.h"
#include "support/error.h"
#include "support/number_text.h"
#include "support/random_stream.h"
#include "sweep/point_result.h"
#include "tests/support/scratch_folder.h"
#include "tests/sweep/example_sweep.h"

namespace crossloom {
namespace {

using testing::HasSubstr;

/// results.csv and sweep.json of a folder.
struct Files {
  std::string results;
  std::string record;
  friend bool operator==(const Files&, const Files&) = default;
};

Files files_after(const Sweep& sweep, const SweepRun& run, std::int64_t num_threads = 1) {
  ThreadSharing sharing(num_threads);
  (void)run_sweep(sweep, "sweep.yaml", run, sharing);
  return {.results = read_text_file(run.folder + "/results.csv"), .record = read_text_file(run.folder + "/sweep.json")};
}

Files uninterrupted() {
  const ScratchFolder scratch;
  return files_after(small_sweep(), {.folder = scratch.path("sweep")});
}

/// The cells of a column, top to bottom; for tables without quotes.
std::vector<std::string> column(const std::string& table, const std::string& name) {
  const auto cells = [](const std::string& line) {
    std::vector<std::string> parts(1);
    for (const char character : line) {
      if (character == ',') {
        parts.emplace_back();
      } else {
        parts.back() += character;
      }
    }
    return parts;
  };
  std::vector<std::string> found;
  std::size_t index = 0;
  for (std::size_t begin = 0; begin < table.size();) {
    const std::size_t end = table.find('\n', begin);
    const std::vector<std::string> row = cells(table.substr(begin, end - begin));
    if (begin == 0) {
      index = static_cast<std::size_t>(std::ranges::find(row, name) - row.begin());
    } else {
      found.push_back(row.at(index));
    }
    begin = end + 1;
  }
  return found;
}

TEST(RunSweep, HasARowForEachPointThatPassesTheFilters) {
  const std::string results = uninterrupted().results;
  EXPECT_EQ(column(results, "point"),
            (std::vector<std::string>{"0", "1", "2", "4", "5", "6", "8", "9", "10", "12", "13", "14"}));
  EXPECT_EQ(std::ranges::count(column(results, "status"), "does_not_fit"), 3);
  EXPECT_THAT(results, HasSubstr("there are 1"));
}

TEST(RunSweep, HasTheFiguresOfTheQuickEstimate) {
  const std::string results = uninterrupted().results;
  const ChipConfig chip =
      with_overrides(load_chip("edge-64"), {"adc.columns_per_adc=8", "crossbar.rows=64", "crossbar.active_rows=64"});
  CompileOptions options;
  options.budget = parse_crossbar_budget("1x");
  options.effort = PackingEffort::kFast;
  const auto outcome = compile(load_network("lenet5").network, chip, options);
  const NetworkEstimate expected = quick_estimate(std::get<CompiledNetwork>(outcome).program).figures;
  const auto point_4 = static_cast<std::size_t>(3);
  EXPECT_EQ(column(results, "point")[point_4], "4");
  EXPECT_EQ(column(results, "latency_ns")[point_4], shortest_text(expected.latency_ns));
  EXPECT_EQ(column(results, "interval_ns")[point_4], shortest_text(expected.interval_ns));
  // The energy of a simulation, but for static power over the estimated latency.
  const RunMetrics run = simulate(std::get<CompiledNetwork>(outcome).program, {});
  const double energy = run.energy_pj.total - run.energy_pj.static_power * (1.0 - expected.latency_ns / run.makespan_ns);
  EXPECT_NEAR(std::stod(column(results, "energy_per_inference_pj")[point_4]), energy, 1e-9 * energy);
}

TEST(RunSweep, GivesEqualHashesToEqualInputsAlone) {
  const ScratchFolder scratch;
  const Sweep sweep = parse_sweep_yaml(
      "evaluate: estimate\naxes: {network: lenet5, chip: edge-64, effort: fast, adc.columns_per_adc: [8, 8.0, 16]}\n",
      "s.yaml");
  const std::vector<std::string> hashes = column(files_after(sweep, {.folder = scratch.path("a")}).results, "hash");
  ASSERT_EQ(hashes.size(), 3U);
  EXPECT_EQ(hashes[0], hashes[1]);
  EXPECT_NE(hashes[0], hashes[2]);
}

TEST(RunSweep, MakesAPointThatCannotBeARowWithItsReason) {
  const ScratchFolder scratch;
  const Sweep sweep = parse_sweep_yaml(
      "evaluate: estimate\naxes: {network: lenet5, chip: edge-64, effort: fast, crossbar.active_rows: [1000000, 32]}\n",
      "s.yaml");
  const std::string results = files_after(sweep, {.folder = scratch.path("a")}).results;
  EXPECT_THAT(results, HasSubstr("failed,\"crossbar.active_rows: 1000000, allowed"));
  EXPECT_THAT(results, HasSubstr(",done,"));
}

TEST(RunSweep, DoesNotDependOnThreads) {
  const ScratchFolder scratch;
  EXPECT_EQ(files_after(small_sweep(), {.folder = scratch.path("sweep")}, 3), uninterrupted());
}

TEST(RunSweep, OfAFinishedFolderChangesNothing) {
  const ScratchFolder scratch;
  const Files first = files_after(small_sweep(), {.folder = scratch.path("sweep")});
  ThreadSharing sharing(1);
  const SweepSummary again = run_sweep(small_sweep(), "sweep.yaml", {.folder = scratch.path("sweep")}, sharing);
  EXPECT_EQ(again.num_rows_found, 12);
  EXPECT_EQ(again.num_rows_added, 0);
  EXPECT_EQ(read_text_file(scratch.path("sweep/results.csv")), first.results);
}

TEST(RunSweep, GoesOnAfterAnyByteOfResults) {
  const Files expected = uninterrupted();
  const ScratchFolder scratch;
  (void)files_after(small_sweep(), {.folder = scratch.path("sweep")});
  std::string record = expected.record;
  record.replace(record.find("\"is_finished\": true"), 19, "\"is_finished\": false");
  for (std::size_t length = 0; length < expected.results.size(); length += 1 + expected.results.size() / 25) {
    (void)scratch.file("sweep/sweep.json", record);
    (void)scratch.file("sweep/results.csv", expected.results.substr(0, length));
    EXPECT_EQ(files_after(small_sweep(), {.folder = scratch.path("sweep")}), expected) << length;
  }
}

TEST(RunSweep, AfterBeingKilledAtTwentyRandomMomentsGivesTheSameBytes) {
  const auto start = std::chrono::steady_clock::now();
  const Files expected = uninterrupted();
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  RandomStream random(4, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 20; ++trial) {
    const ScratchFolder scratch;
    const SweepRun run{.folder = scratch.path("sweep")};
    const auto moment = static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(whole.count()) + 1));
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      (void)files_after(small_sweep(), run, 2);
      ::_exit(0);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(moment));
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(files_after(small_sweep(), run), expected) << "killed after " << moment << " us of " << whole.count();
  }
}

TEST(SweepFiles, AreDescribed) {
  // `crossloom docs sweep-columns` and `crossloom docs sweep-schema` print them anew.
  EXPECT_THAT(read_text_file(CROSSLOOM_SOURCE_FOLDER "/docs/sweeps.md"), HasSubstr(describe_result_columns()));
  EXPECT_EQ(read_text_file(CROSSLOOM_SOURCE_FOLDER "/docs/schema/sweep.schema.json"), sweep_schema());
}

TEST(MergeSweeps, GivesTheBytesOfOneRun) {
  const ScratchFolder scratch;
  for (std::int64_t shard = 1; shard <= 3; ++shard) {
    (void)files_after(small_sweep(),
                      {.folder = scratch.path("part" + std::to_string(shard)), .part = {.shard = shard, .num_shards = 3}});
  }
  merge_sweeps({scratch.path("part2"), scratch.path("part3"), scratch.path("part1")}, scratch.path("whole"));
  const Files merged{.results = read_text_file(scratch.path("whole/results.csv")),
                     .record = read_text_file(scratch.path("whole/sweep.json"))};
  EXPECT_EQ(merged, uninterrupted());
}

}  // namespace
}  // namespace crossloom
