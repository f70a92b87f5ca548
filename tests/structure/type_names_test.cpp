#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>

namespace crossloom {
namespace {

namespace fs = std::filesystem;

/// Two types of one name in one namespace break a program that links both, without a word from compiler or linker.
TEST(TypeNames, BelongToOneHeaderEach) {
  const std::regex definition("^(?:struct|class|enum class) ([A-Za-z]+)(?: final)?(?: : .*)? \\{.*");
  std::map<std::string, std::string> header_of_type;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(CROSSLOOM_SOURCE_FOLDER) / "src")) {
    if (entry.path().extension() != ".h") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      std::smatch match;
      if (!std::regex_match(line, match, definition)) continue;
      const auto [other, is_new] = header_of_type.emplace(match[1], entry.path().string());
      EXPECT_TRUE(is_new) << match[1] << " is defined in " << entry.path() << " and in " << other->second;
    }
  }
  EXPECT_GT(header_of_type.size(), 200U);
}

}  // namespace
}  // namespace crossloom
