#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/structure/include_rules.h"

namespace crossloom {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

/// Paths of all headers and sources below `folder`, relative to it.
std::vector<std::string> source_files(const fs::path& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".h" || extension == ".cpp") paths.push_back(fs::relative(entry.path(), folder).generic_string());
  }
  return paths;
}

TEST(IncludeRules, AreKeptByEverySourceFile) {
  const fs::path source_folder = fs::path(CROSSLOOM_SOURCE_FOLDER) / "src";
  const std::vector<std::string> paths = source_files(source_folder);
  ASSERT_GT(paths.size(), 20U);
  for (const std::string& path : paths) {
    std::ifstream file(source_folder / path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    EXPECT_THAT(broken_include_rules(path, text), IsEmpty());
  }
}

TEST(IncludeRules, AllowEveryFloorItselfAndTheLowerOnes) {
  const std::vector<std::string> all = floors();
  for (std::size_t from = 0; from < all.size(); ++from) {
    for (std::size_t to = 0; to <= from; ++to) {
      EXPECT_THAT(broken_include_rules(all[from] + "/a.cpp", "#include \"" + all[to] + "/b.h\"\n"), IsEmpty());
    }
  }
}

TEST(IncludeRules, AllowThirdPartyHeadersInTheirPlaces) {
  EXPECT_THAT(broken_include_rules("support/yaml_document.cpp", "#include <yaml-cpp/parser.h>\n"), IsEmpty());
  EXPECT_THAT(broken_include_rules("nas/torch/supernet.cpp", "#include <torch/torch.h>\n"), IsEmpty());
  EXPECT_THAT(broken_include_rules("training/trainer.cpp", "#include <torch/torch.h>\n"), IsEmpty());
  EXPECT_THAT(broken_include_rules("cli/main.cpp", "#include <CLI/CLI.hpp>\n"), IsEmpty());
}

}  // namespace
}  // namespace crossloom
