#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/cli/crossloom_process.h"
#include "tests/cli/example_files.h"
#include "tests/support/scratch_folder.h"

/// Places that cannot be written: exit code 2, and nothing half-written stays.
namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ProcessResult run_lenet5(const std::string& command, const std::string& folder, const ProcessOptions& options = {}) {
  return crossloom_process({command, "lenet5", "--chip", "rnc-mnsim-128", "--out", folder}, options);
}

TEST(OutputFolderErrors, AFileInThePlaceOfTheFolder) {
  const ScratchFolder scratch;
  const std::string file = scratch.file("taken", "");
  const ProcessResult result = run_lenet5("compile", file + "/out");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "crossloom: error: " + file + "/out: cannot be written: Not a directory\n");
  EXPECT_THAT(scratch.names(), ElementsAre("taken"));
}

TEST(OutputFolderErrors, AFolderInThePlaceOfAFile) {
  const ScratchFolder scratch;
  std::filesystem::create_directories(scratch.path("out/program.json"));
  const ProcessResult result = run_lenet5("compile", scratch.path("out"));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "crossloom: error: " + scratch.path("out/program.json") + ": cannot be written: Is a directory\n");
}

TEST(OutputFolderErrors, AFullDiskLeavesNothingBehind) {
  const ScratchFolder scratch;
  for (const char* command : {"compile", "run"}) {
    const ProcessResult result = run_lenet5(command, scratch.path("a/b"), {.max_file_bytes = 1000});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.err, "crossloom: error: " + scratch.path("a/b/tilemap.json") + ": cannot be written: File too large\n");
    EXPECT_THAT(scratch.names(), IsEmpty());
  }
}

TEST(ExportErrors, APlaceThatCannotBeWritten) {
  const ScratchFolder scratch;
  const std::string path = scratch.path("no/net.onnx");
  const ProcessResult result = crossloom_process({"export", "lenet5", path});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "crossloom: error: " + path + ": cannot be written: No such file or directory\n");
  EXPECT_THAT(scratch.names(), IsEmpty());
}

TEST(ExportErrors, AFullDiskLeavesNothingBehind) {
  const ScratchFolder scratch;
  const std::string path = scratch.path("net.onnx");
  const ProcessResult result = crossloom_process({"export", "lenet5", path}, {.max_file_bytes = 1000});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "crossloom: error: " + path + ": cannot be written: File too large\n");
  EXPECT_THAT(scratch.names(), IsEmpty());
}

TEST(OutputFolderErrors, AFullDiskLeavesTheEarlierCompilationWhole) {
  const ScratchFolder scratch;
  ASSERT_EQ(run_lenet5("run", scratch.path()).exit_code, 0);
  const std::vector<std::string> names = scratch.names();
  const std::string metrics = text_of(scratch.path("metrics.json"));
  ASSERT_EQ(run_lenet5("compile", scratch.path(), {.max_file_bytes = 1000}).exit_code, 2);
  EXPECT_EQ(scratch.names(), names);
  EXPECT_EQ(text_of(scratch.path("metrics.json")), metrics);
  EXPECT_EQ(crossloom_process({"verify", scratch.path()}).exit_code, 0);
}

TEST(OutputFolderErrors, AFullDiskLeavesTheEarlierMetrics) {
  const ScratchFolder scratch;
  ASSERT_EQ(run_lenet5("run", scratch.path()).exit_code, 0);
  const std::string metrics = text_of(scratch.path("metrics.json"));
  const ProcessResult result = crossloom_process({"simulate", scratch.path(), "--batch", "2"}, {.max_file_bytes = 1000});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "crossloom: error: " + scratch.path("metrics.json") + ": cannot be written: File too large\n");
  EXPECT_EQ(text_of(scratch.path("metrics.json")), metrics);
}

TEST(StandardOutputErrors, AFullDiskIsReported) {
  const ProcessResult result = crossloom_process({"models"}, {.standard_output = "/dev/full"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "crossloom: error: standard output: cannot be written: No space left on device\n");
}

TEST(StandardOutputErrors, AFullDiskIsReportedForHelp) {
  EXPECT_EQ(crossloom_process({"--help"}, {.standard_output = "/dev/full"}).exit_code, 2);
}

TEST(SimulateErrors, AFolderWithoutAProgramIsNamed) {
  const ScratchFolder scratch;
  const ProcessResult result = crossloom_process({"simulate", scratch.path("none")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err,
            "crossloom: error: " + scratch.path("none/program.json") + ": cannot be read: No such file or directory\n");
}

}  // namespace
}  // namespace crossloom
