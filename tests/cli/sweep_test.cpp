#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "support/document.h"
#include "tests/cli/crossloom_process.h"
#include "tests/support/scratch_folder.h"
#include "tests/sweep/example_sweep.h"

namespace crossloom {
namespace {

using testing::HasSubstr;

TEST(SweepCommand, WritesARowAPointAndGoesOn) {
  const ScratchFolder scratch;
  const std::string file = scratch.file("sweep.yaml", std::string(kSmallSweep));
  const std::string folder = scratch.path("out");
  const ProcessResult first = crossloom_process({"sweep", file, "--out", folder, "-j", "2"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("16 points, 12 rows: 0 were there, 12 added"));
  const ProcessResult second = crossloom_process({"sweep", file, "--out", folder, "--json"});
  EXPECT_THAT(second.out, HasSubstr("\"num_rows_found\": 12"));
  EXPECT_THAT(second.out, HasSubstr("\"num_rows_added\": 0"));
}

TEST(SweepCommand, PutsShardsTogether) {
  const ScratchFolder scratch;
  const std::string file = scratch.file("sweep.yaml", std::string(kSmallSweep));
  for (const std::string shard : {"1", "2"}) {
    const ProcessResult part = crossloom_process({"sweep", file, "--out", scratch.path(shard), "--shard", shard + "/2"});
    EXPECT_EQ(part.exit_code, 0) << part.err;
  }
  const ProcessResult merge =
      crossloom_process({"sweep", "merge", scratch.path("1"), scratch.path("2"), "--out", scratch.path("merged")});
  EXPECT_EQ(merge.exit_code, 0) << merge.err;
  ASSERT_EQ(crossloom_process({"sweep", file, "--out", scratch.path("whole")}).exit_code, 0);
  EXPECT_EQ(read_text_file(scratch.path("merged/results.csv")), read_text_file(scratch.path("whole/results.csv")));
}

#ifdef CROSSLOOM_MPIRUN

/// Ranks on one machine, as many as asked for, whoever the user is. Open MPI keeps what it allocates until its end.
ProcessOptions ranks(const std::string& num_ranks) {
  return {.environment = {{"OMPI_ALLOW_RUN_AS_ROOT", "1"},
                          {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"},
                          {"OMPI_MCA_btl_vader_single_copy_mechanism", "none"},  // which containers forbid
                          {"ASAN_OPTIONS", "detect_leaks=0"}},
          .launcher = {CROSSLOOM_MPIRUN, "--oversubscribe", "--bind-to", "none", "-np", num_ranks}};
}

/// On ranks of an MPI job; skipped where the launcher cannot start any process.
class SweepOnRanks : public testing::Test {
 protected:
  void SetUp() override {
    const ProcessResult result = crossloom_process({"--version"}, ranks("2"));
    if (result.exit_code != 0) GTEST_SKIP() << "mpirun cannot start processes here: " << result.err;
  }
};

/// The rank that was started last for a folder; 0 when there is none.
pid_t newest_rank(const std::string& folder) {
  pid_t newest = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const pid_t process = std::atoi(entry.path().filename().c_str());
    std::ifstream file(entry.path() / "cmdline", std::ios::binary);
    const std::string words{std::istreambuf_iterator<char>(file), {}};
    if (words.starts_with(CROSSLOOM_EXECUTABLE) && words.find(folder) != std::string::npos) newest = std::max(newest, process);
  }
  return newest;
}

TEST_F(SweepOnRanks, GiveTheSameBytes) {
  const ScratchFolder scratch;
  const std::string file = scratch.file("sweep.yaml", std::string(kSmallSweep));
  ASSERT_EQ(crossloom_process({"sweep", file, "--out", scratch.path("alone")}).exit_code, 0);
  for (const std::string num_ranks : {"1", "2", "4"}) {
    const ProcessResult result = crossloom_process({"sweep", file, "--out", scratch.path(num_ranks)}, ranks(num_ranks));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(read_text_file(scratch.path(num_ranks + "/results.csv")), read_text_file(scratch.path("alone/results.csv")));
    EXPECT_EQ(read_text_file(scratch.path(num_ranks + "/sweep.json")), read_text_file(scratch.path("alone/sweep.json")));
  }
}

TEST_F(SweepOnRanks, SayOnceWhatIsWrong) {
  const ProcessResult result = crossloom_process({"sweep", "none.yaml", "--out", "nowhere"}, ranks("3"));
  EXPECT_EQ(result.exit_code, 2);
  const std::string message = "none.yaml: cannot be read";
  const std::size_t first = result.err.find(message);
  ASSERT_NE(first, std::string::npos) << result.err;
  EXPECT_EQ(result.err.find(message, first + 1), std::string::npos);
}

TEST_F(SweepOnRanks, EndWithAnErrorWhenOneIsLostAndGoOnAfterwards) {
  const ScratchFolder scratch;
  std::string text(kSmallSweep);
  text.replace(text.find("[1, 1x, 1.5x, 2x]"), 17, "{first: 12, last: 300, step: 1}");
  const std::string file = scratch.file("sweep.yaml", text);
  const std::string folder = scratch.path("out");
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const ProcessResult result = crossloom_process({"sweep", file, "--out", folder}, ranks("3"));
    ::_exit(result.exit_code == 0 ? 0 : 1);
  }
  const auto has_rows = [&folder] {
    try {
      return read_text_file(folder + "/results.csv").size() > 1000;
    } catch (const std::exception&) {
      return false;
    }
  };
  for (int i = 0; i < 3000 && !has_rows(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const pid_t rank = newest_rank(folder);
  ASSERT_GT(rank, 0);
  ASSERT_EQ(::kill(rank, SIGKILL), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_NE(WEXITSTATUS(status), 0);
  ASSERT_EQ(crossloom_process({"sweep", file, "--out", folder}, ranks("2")).exit_code, 0);
  ASSERT_EQ(crossloom_process({"sweep", file, "--out", scratch.path("alone")}).exit_code, 0);
  EXPECT_EQ(read_text_file(folder + "/results.csv"), read_text_file(scratch.path("alone/results.csv")));
}

#endif

}  // namespace
}  // namespace crossloom
