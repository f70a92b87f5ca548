#include "support/builtin_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/document.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

constexpr BuiltinFiles kChips = {.kind = "chip", .folder = "configs/crossbars"};

TEST(BuiltinFiles, NamesAreSortedAndLeadToFiles) {
  const std::vector<std::string> names = kChips.names();
  EXPECT_THAT(names, testing::Contains("isaac-ce"));
  EXPECT_TRUE(std::ranges::is_sorted(names));
  for (const std::string& name : names) EXPECT_FALSE(read_text_file(kChips.path_of(name)).empty());
}

TEST(BuiltinFiles, PathsArePassedOn) {
  EXPECT_EQ(kChips.path_of("my/chip"), "my/chip");
  EXPECT_EQ(kChips.path_of("chip.yaml"), "chip.yaml");
}

TEST(BuiltinFiles, UnknownNameNamesTheNearestOrHowToNameAFile) {
  const BuiltinFiles files = {.kind = "chip", .folder = "configs/crossbars", .endings = ".yaml or .chip"};
  EXPECT_TRUE(user_error([&] { return files.path_of("isac-ce"); }).ends_with(" (did you mean isaac-ce?)"));
  EXPECT_TRUE(user_error([&] {
                return files.path_of("x");
              }).ends_with(" (a file is named by a path with a / or ending in .yaml or .chip)"));
}

TEST(BuiltinFiles, FolderThatIsNotThere) {
  const BuiltinFiles files = {.kind = "chip", .folder = "configs/none"};
  EXPECT_TRUE(user_error([&] { return files.names(); }).ends_with("configs/none: cannot be read: No such file or directory"));
}

}  // namespace
}  // namespace crossloom
