#include "sweep/sweep_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/document.h"
#include "support/error.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

SweepRecord record_of(const std::string& hash, Shard part = {}) {
  return {.name = "s.yaml", .content_hash = hash, .num_points = 4, .part = part, .columns = "point,x"};
}

/// A finished folder whose rows are the points of the part.
void write_folder(const std::string& folder, const SweepRecord& record) {
  SweepFolder sweep(folder, record, false);
  for (std::int64_t i = record.part.shard - 1; i < record.num_points; i += record.part.num_shards) {
    sweep.append(std::to_string(i) + ",1");
  }
  sweep.finish();
}

TEST(SweepFolderErrors, AFolderOfAnotherSweepIsLeftAsItIs) {
  const ScratchFolder scratch;
  const std::string folder = scratch.path("sweep");
  write_folder(folder, record_of("a"));
  const std::string before = read_text_file(folder + "/results.csv");
  EXPECT_THAT([&] { SweepFolder(folder, record_of("b"), false); },
              ThrowsMessage<UserError>(HasSubstr("holds another sweep, s.yaml")));
  EXPECT_EQ(read_text_file(folder + "/results.csv"), before);
  EXPECT_EQ(SweepFolder(folder, record_of("b"), true).num_rows_found(), 0);
}

TEST(SweepFolderErrors, ResultsOfUnknownOriginAreLeftAsTheyAre) {
  const ScratchFolder scratch;
  (void)scratch.file("results.csv", "mine\n");
  for (const bool starts_anew : {false, true}) {
    EXPECT_THAT([&] { SweepFolder(scratch.path(), record_of("a"), starts_anew); },
                ThrowsMessage<UserError>(HasSubstr("without its sweep.json")));
  }
  EXPECT_EQ(read_text_file(scratch.path("results.csv")), "mine\n");
}

TEST(SweepFolderErrors, ARowThatIsNoPointIsNamedWithItsLine) {
  const ScratchFolder scratch;
  const std::string folder = scratch.path("sweep");
  write_folder(folder, record_of("a"));
  for (const char* rows : {"0,1\n0,1\n", "0,1\nx,1\n", "0,1\n4,1\n", "1,1\n0,1\n"}) {
    (void)scratch.file("sweep/results.csv", std::string("point,x\n") + rows);
    EXPECT_THAT([&] { SweepFolder(folder, record_of("a"), false); },
                ThrowsMessage<UserError>(HasSubstr("results.csv:3: is no row of this sweep")))
        << rows;
  }
  (void)scratch.file("sweep/results.csv", "point,y\n");
  EXPECT_THAT([&] { SweepFolder(folder, record_of("a"), false); }, ThrowsMessage<UserError>(HasSubstr("has other columns")));
}

TEST(SweepFolderErrors, ASecondWriterIsRefused) {
  const ScratchFolder scratch;
  const SweepFolder first(scratch.path("sweep"), record_of("a"), false);
  EXPECT_THAT([&] { SweepFolder(scratch.path("sweep"), record_of("a"), false); },
              ThrowsMessage<UserError>(HasSubstr("is being written by another process")));
}

TEST(SweepFolderErrors, AFolderThatCannotBeMadeIsNamed) {
  const ScratchFolder scratch;
  const std::string folder = scratch.file("plain", "text") + "/below";
  EXPECT_THAT([&] { SweepFolder(folder, record_of("a"), false); }, ThrowsMessage<UserError>(HasSubstr("plain")));
}

TEST(MergeSweepsErrors, SayWhichPartIsWrong) {
  const ScratchFolder scratch;
  const std::string one = scratch.path("one");
  const std::string two = scratch.path("two");
  const std::string whole = scratch.path("whole");
  write_folder(one, record_of("a", {.shard = 1, .num_shards = 2}));
  EXPECT_THAT([&] { merge_sweeps({one}, whole); }, ThrowsMessage<UserError>("part 2 of 2 is missing"));
  EXPECT_THAT([&] { merge_sweeps({one, one}, whole); }, ThrowsMessage<UserError>(HasSubstr("is part 1 of 2, as is")));
  { const SweepFolder unfinished(two, record_of("a", {.shard = 2, .num_shards = 2}), false); }
  EXPECT_THAT([&] { merge_sweeps({one, two}, whole); }, ThrowsMessage<UserError>(HasSubstr("two: is not finished")));
  write_folder(scratch.path("other"), record_of("b", {.shard = 2, .num_shards = 2}));
  EXPECT_THAT(
      [&] {
        merge_sweeps({one, scratch.path("other")}, whole);
      },
      ThrowsMessage<UserError>(HasSubstr("is no part of the same sweep")));
  EXPECT_THAT([&] { merge_sweeps({scratch.path("none")}, whole); },
              ThrowsMessage<UserError>(HasSubstr("none/sweep.json: cannot be read")));
  EXPECT_EQ(scratch.names(), (std::vector<std::string>{"one", "other", "two"}));
}

}  // namespace
}  // namespace crossloom
