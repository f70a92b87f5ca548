#include <gtest/gtest.h>

#include "compiler/import/load_network.h"
#include "tests/support/error_message.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

std::string error_of(const std::string& name_or_path) {
  return user_error([&] { return load_network(name_or_path); });
}

TEST(LoadNetworkErrors, UnknownNameListsTheKnownOnes) {
  const std::string message = error_of("squeznet1_1");
  EXPECT_TRUE(message.starts_with("network squeznet1_1: is not one of alexnet, ")) << message;
  EXPECT_TRUE(message.ends_with(" (did you mean squeezenet1_1?)")) << message;
}

TEST(LoadNetworkErrors, NameLikeNoOtherTellsHowToNameAFile) {
  EXPECT_TRUE(error_of("transformer").ends_with(" (a file is named by a path with a / or ending in .yaml or .onnx)"));
}

TEST(LoadNetworkErrors, MissingFile) {
  EXPECT_EQ(error_of("./no-such-network.yaml"), "./no-such-network.yaml: cannot be read: No such file or directory");
}

TEST(LoadNetworkErrors, Folder) {
  const ScratchFolder folder;
  EXPECT_EQ(error_of(folder.path()), folder.path() + ": cannot be read: Is a directory");
}

TEST(LoadNetworkErrors, ProblemInAFileBeginsWithItsPath) {
  const ScratchFolder folder;
  const std::string path = folder.file("bad.yaml", "name: bad\n");
  EXPECT_EQ(error_of(path), path + ":1: source: is missing, allowed: text");
}

}  // namespace
}  // namespace crossloom
