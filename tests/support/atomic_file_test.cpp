#include "support/atomic_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/document.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::ElementsAre;

TEST(WriteFileAtomically, CreatesAFileAndLeavesNothingElse) {
  const ScratchFolder scratch;
  write_file_atomically(scratch.path("a.json"), "{}\n");
  EXPECT_EQ(read_text_file(scratch.path("a.json")), "{}\n");
  EXPECT_THAT(scratch.names(), ElementsAre("a.json"));
}

TEST(WriteFileAtomically, ReplacesALongerFile) {
  const ScratchFolder scratch;
  const std::string path = scratch.file("a.json", std::string(100'000, 'x'));
  write_file_atomically(path, "short");
  EXPECT_EQ(read_text_file(path), "short");
}

TEST(AtomicFile, AppearsWithItsPiecesOnCommit) {
  const ScratchFolder scratch;
  const std::string path = scratch.file("a", "old");
  AtomicFile file(path);
  file.append("one ");
  file.append("two");
  file.finish();
  EXPECT_EQ(read_text_file(path), "old");
  file.commit();
  EXPECT_EQ(read_text_file(path), "one two");
  EXPECT_THAT(scratch.names(), ElementsAre("a"));
}

TEST(AtomicFile, LeavesNothingWithoutCommit) {
  const ScratchFolder scratch;
  { AtomicFile(scratch.path("a")).append("one"); }
  EXPECT_TRUE(scratch.names().empty());
}

TEST(WriteFilesAtomically, CreatesTheFolderWithItsParents) {
  const ScratchFolder scratch;
  write_files_atomically(scratch.path("out/demo/chip"), {{"a", "1"}, {"b", ""}});
  EXPECT_EQ(read_text_file(scratch.path("out/demo/chip/a")), "1");
  EXPECT_EQ(read_text_file(scratch.path("out/demo/chip/b")), "");
}

TEST(WriteFilesAtomically, KeepsOtherFilesOfTheFolder) {
  const ScratchFolder scratch;
  static_cast<void>(scratch.file("other", "old"));
  write_files_atomically(scratch.path(), {{"a", "1"}});
  EXPECT_THAT(scratch.names(), ElementsAre("a", "other"));
}

TEST(WriteFilesAtomically, TakesAFolderWithASlashAtTheEnd) {
  const ScratchFolder scratch;
  write_files_atomically(scratch.path("out/"), {{"a", "1"}});
  EXPECT_EQ(read_text_file(scratch.path("out/a")), "1");
}

}  // namespace
}  // namespace crossloom
