#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "support/atomic_file.h"
#include "support/document.h"
#include "tests/support/error_message.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string error_of_file(const std::string& path, const std::string& text) {
  return user_error([&] {
    write_file_atomically(path, text);
    return 0;
  });
}

std::string error_of_files(const std::string& folder, const std::vector<std::pair<std::string, std::string>>& files) {
  return user_error([&] {
    write_files_atomically(folder, files);
    return 0;
  });
}

/// While it lives, no file of this process can grow beyond `bytes`: a disk that runs full, without needing one.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    handler_before_ = std::signal(SIGXFSZ, SIG_IGN);  // so that write() reports the limit instead
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_before_);
  }

 private:
  rlimit before_ = {};
  void (*handler_before_)(int) = nullptr;
};

TEST(WriteFileAtomicallyErrors, LeavesTheOldFileOnAFullDisk) {
  const ScratchFolder scratch;
  const std::string path = scratch.file("a.json", "old");
  std::string message;
  {
    const FullDisk full(4096);
    message = error_of_file(path, std::string(5000, 'x'));
  }
  EXPECT_EQ(message, path + ": cannot be written: File too large");
  EXPECT_EQ(read_text_file(path), "old");
  EXPECT_THAT(scratch.names(), ElementsAre("a.json"));
}

TEST(WriteFilesAtomicallyErrors, LeavesNoneOfTheFilesOnAFullDisk) {
  const ScratchFolder scratch;
  std::string message;
  {
    const FullDisk full(4096);
    message = error_of_files(scratch.path(), {{"small", "1"}, {"big", std::string(5000, 'x')}});
  }
  EXPECT_EQ(message, scratch.path("big") + ": cannot be written: File too large");
  EXPECT_THAT(scratch.names(), IsEmpty());
}

TEST(WriteFilesAtomicallyErrors, RemovesTheFoldersItCreated) {
  const ScratchFolder scratch;
  const FullDisk full(0);
  EXPECT_NE(error_of_files(scratch.path("out/demo"), {{"a", "1"}}), "(no error)");
  EXPECT_THAT(scratch.names(), IsEmpty());
}

TEST(WriteFileAtomicallyErrors, NamesTheReason) {
  const ScratchFolder scratch;
  const std::string file = scratch.file("file", "x");
  EXPECT_EQ(error_of_file(scratch.path("none/a"), "1"),
            scratch.path("none/a") + ": cannot be written: No such file or directory");
  EXPECT_EQ(error_of_file(file + "/a", "1"), file + "/a: cannot be written: Not a directory");
  EXPECT_EQ(error_of_file(scratch.path(), "1"), scratch.path() + ": cannot be written: Is a directory");
}

TEST(WriteFilesAtomicallyErrors, RefusesAFolderThatCannotBeCreated) {
  const ScratchFolder scratch;
  const std::string file = scratch.file("file", "x");
  EXPECT_EQ(error_of_files(file, {{"a", "1"}}), file + "/a: cannot be written: Not a directory");
  EXPECT_EQ(error_of_files(file + "/out/demo", {{"a", "1"}}), file + "/out/demo: cannot be written: Not a directory");
}

TEST(WriteFilesAtomicallyErrors, ReplacesNothingWhenOneTargetIsAFolder) {
  const ScratchFolder scratch;
  const std::string first = scratch.file("a", "old");
  std::filesystem::create_directory(scratch.path("b"));
  EXPECT_EQ(error_of_files(scratch.path(), {{"a", "new"}, {"b", "new"}}),
            scratch.path("b") + ": cannot be written: Is a directory");
  EXPECT_EQ(read_text_file(first), "old");
  EXPECT_THAT(scratch.names(), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace crossloom
