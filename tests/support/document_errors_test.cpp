#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "support/document.h"
#include "tests/support/error_message.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string yaml_error(const std::string& text) {
  return user_error([&] { return parse_yaml(text, "t.yaml"); });
}
std::string json_error(const std::string& text) {
  return user_error([&] { return parse_json(text, "t.json"); });
}

std::string repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

TEST(ParseYamlErrors, RefusesARepeatedKeyNamingBothLines) {
  EXPECT_EQ(yaml_error("rows: 1\ncols: 2\nrows: 3\n"), "t.yaml:3: rows: repeated key, allowed once (first on line 1)");
  EXPECT_EQ(yaml_error("a:\n  b:\n    - x: 1\n      x: 2\n"),
            "t.yaml:4: a.b[0].x: repeated key, allowed once (first on line 3)");
}

TEST(ParseYamlErrors, NamesTheLineOfASyntaxError) {
  EXPECT_THAT(yaml_error("a: 1\nb: [1, 2\n"), StartsWith("t.yaml:"));
  EXPECT_THAT(yaml_error("a: 1\n b: 2\n"), StartsWith("t.yaml:2: "));
  EXPECT_THAT(yaml_error("a: *nowhere\n"), StartsWith("t.yaml:1: "));
}

TEST(ParseYamlErrors, RefusesAnEmptyDocument) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n", "~"}) EXPECT_EQ(yaml_error(text), "t.yaml:1: is empty");
}

TEST(ParseYamlErrors, RefusesMoreThanOneDocument) {
  EXPECT_EQ(yaml_error("a: 1\n---\nb: 2\n"), "t.yaml: more than one YAML document, allowed: one");
}

TEST(ParseYamlErrors, RefusesAKeyThatIsNotAScalar) {
  EXPECT_EQ(yaml_error("? [a, b]\n: 1\n"), "t.yaml:1: a key that is not a scalar, allowed: plain or quoted text");
  EXPECT_EQ(yaml_error("x: 1\n~: 2\n"), "t.yaml:2: a key that is not a scalar, allowed: plain or quoted text");
}

TEST(ParseYamlErrors, RefusesNestingBeyond64Levels) {
  EXPECT_EQ(yaml_error(repeated("[", 64) + repeated("]", 64)), "(no error)");
  EXPECT_THAT(yaml_error(repeated("[", 65) + repeated("]", 65)), HasSubstr("is nested deeper than 64 levels"));
  EXPECT_THAT(yaml_error(repeated("[", 1000) + repeated("]", 1000)), HasSubstr("is nested deeper than 64 levels"));
}

TEST(ParseYamlErrors, RefusesAliasesThatMultiply) {
  std::string bomb = "- &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (const std::string& level : std::vector<std::string>{"1", "2", "3", "4", "5", "6", "7", "8", "9"}) {
    const std::string below(1, static_cast<char>(level[0] - 1));
    bomb.append("- &a").append(level).append(" [").append(repeated("*a" + below + ", ", 10)).append("]\n");
  }
  EXPECT_THAT(yaml_error(bomb), HasSubstr("aliases expand to more than 1000000 nodes"));
}

TEST(ParseYamlErrors, RefusesAnAliasOfANodeThatContainsIt) {
  EXPECT_EQ(yaml_error("a: &a [1, *a]\n"), "t.yaml:1: a[1]: is an alias of a node that contains it");
}

TEST(ParseYamlErrors, RefusesTags) {
  EXPECT_EQ(yaml_error("a: !!int 3\n"), "t.yaml:1: a: the tag tag:yaml.org,2002:int, allowed: no tag or !!str");
}

TEST(ParseYamlErrors, RefusesBytesThatAreNotText) {
  EXPECT_EQ(yaml_error("a: 1\nb: \xFF\n"), "t.yaml:2: is not UTF-8 text (byte 8 of the file)");
  EXPECT_EQ(yaml_error(std::string("\x7F"
                                   "ELF\x02\x01\x00",
                                   7)),
            "t.yaml:1: is not UTF-8 text (byte 4 of the file)");
}

TEST(ParseJsonErrors, RefusesARepeatedKeyNamingBothLines) {
  EXPECT_EQ(json_error("{\"a\": 1,\n\"a\": 2}"), "t.json:2: a: repeated key, allowed once (first on line 1)");
}

TEST(ParseJsonErrors, NamesTheLineOfASyntaxError) {
  EXPECT_THAT(json_error("{\n\"a\": 1,\n\"b\": }"), StartsWith("t.json:3: b: syntax error"));
  EXPECT_THAT(json_error("{\"a\": 1"), StartsWith("t.json:1: "));
  EXPECT_THAT(json_error("[1] 2"), StartsWith("t.json:1: "));
  EXPECT_THAT(json_error("[NaN]"), StartsWith("t.json:1: "));
  EXPECT_THAT(json_error("[1e999]"), StartsWith("t.json:1: "));
}

TEST(ParseJsonErrors, RefusesAnEmptyFile) { EXPECT_THAT(json_error(""), StartsWith("t.json:1: syntax error")); }

TEST(ParseJsonErrors, RefusesNestingBeyond64Levels) {
  EXPECT_EQ(json_error(repeated("[", 64) + repeated("]", 64)), "(no error)");
  EXPECT_THAT(json_error(repeated("[", 1'000'000)), HasSubstr("is nested deeper than 64 levels"));
}

TEST(ParseJsonErrors, RefusesBytesThatAreNotText) {
  EXPECT_EQ(json_error("\"\xFF\""), "t.json:1: is not UTF-8 text (byte 1 of the file)");
}

TEST(ReadTextFileErrors, NamesTheReason) {
  const ScratchFolder scratch;
  const auto error_of = [](const std::string& path) { return user_error([&] { return read_text_file(path, 4); }); };
  EXPECT_EQ(error_of(scratch.path("none")), scratch.path("none") + ": cannot be read: No such file or directory");
  EXPECT_EQ(error_of(scratch.path()), scratch.path() + ": cannot be read: Is a directory");
  const std::string file = scratch.file("big", "12345");
  EXPECT_EQ(error_of(file), file + ": cannot be read: is larger than 4 bytes");
  EXPECT_EQ(error_of(file + "/below"), file + "/below: cannot be read: Not a directory");
  EXPECT_EQ(error_of("/dev/zero"), "/dev/zero: cannot be read: is larger than 4 bytes");
}

TEST(ReadTextFileErrors, ReportsAMissingPermission) {
  const ScratchFolder scratch;
  const std::string file = scratch.file("secret", "1");
  std::filesystem::permissions(file, std::filesystem::perms::none);
  // Root may read everything, so it acts as a user without rights for one call.
  const uid_t user = ::geteuid();
  constexpr uid_t kNobody = 65534;
  if (user == 0 && ::seteuid(kNobody) != 0) GTEST_SKIP() << "root that may not give up its rights";
  const std::string message = user_error([&] { return read_text_file(file); });
  ASSERT_EQ(::seteuid(user), 0);
  EXPECT_EQ(message, file + ": cannot be read: Permission denied");
}

}  // namespace
}  // namespace crossloom
