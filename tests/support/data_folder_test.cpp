#include "support/data_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

TEST(DataFolder, LiesBesideAnInstalledProgram) {
  const ScratchFolder scratch;
  std::filesystem::create_directories(scratch.path("share/crossloom"));
  EXPECT_EQ(data_folder_of(scratch.path("bin/crossloom")), scratch.path("share/crossloom"));
}

TEST(DataFolder, IsTheSourceFolderOtherwise) {
  const ScratchFolder scratch;
  EXPECT_EQ(data_folder_of(scratch.path("bin/crossloom")), CROSSLOOM_SOURCE_FOLDER);
  EXPECT_EQ(data_folder_of(""), CROSSLOOM_SOURCE_FOLDER);
  EXPECT_EQ(data_folder(), CROSSLOOM_SOURCE_FOLDER);
}

}  // namespace
}  // namespace crossloom
