#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/document.h"
#include "tests/cli/crossloom_process.h"
#include "tests/cli/mpi_ranks.h"
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

class SweepOnRanks : public OnRanks {};

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
  EXPECT_GT(exit_code_without_a_rank({"sweep", file, "--out", folder}, folder + "/results.csv", 1000), 0);
  ASSERT_EQ(crossloom_process({"sweep", file, "--out", folder}, ranks("2")).exit_code, 0);
  ASSERT_EQ(crossloom_process({"sweep", file, "--out", scratch.path("alone")}).exit_code, 0);
  EXPECT_EQ(read_text_file(folder + "/results.csv"), read_text_file(scratch.path("alone/results.csv")));
}

#endif

}  // namespace
}  // namespace crossloom
