#include "support/document.h"

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

const Document& member(const Document& mapping, std::size_t index) { return mapping.members.at(index).second; }

TEST(ParseYaml, KeepsTheOrderOfKeysAndTheirLines) {
  const Document root = parse_yaml("# a chip\nrows: 128\n\ncrossbar:\n  cols: 64\n", "chip.yaml");
  ASSERT_EQ(root.kind, Document::Kind::kMapping);
  ASSERT_EQ(root.members.size(), 2U);
  EXPECT_EQ(root.members[0].first, "rows");
  EXPECT_EQ(member(root, 0).scalar, "128");
  EXPECT_EQ(member(root, 0).line, 2);
  EXPECT_EQ(root.members[1].first, "crossbar");
  EXPECT_EQ(member(root, 1).line, 4);
  EXPECT_EQ(member(member(root, 1), 0).line, 5);
}

TEST(ParseYaml, ReadsListsInBothForms) {
  const Document root = parse_yaml("a: [1, 2]\nb:\n  - x\n  - y\n", "t.yaml");
  ASSERT_EQ(member(root, 0).items.size(), 2U);
  EXPECT_EQ(member(root, 0).items[1].scalar, "2");
  ASSERT_EQ(member(root, 1).items.size(), 2U);
  EXPECT_EQ(member(root, 1).items[1].scalar, "y");
  EXPECT_EQ(member(root, 1).items[1].line, 4);
}

TEST(ParseYaml, TellsQuotedTextFromPlainScalars) {
  const Document root = parse_yaml("[8, \"8\", '8', !!str 8, ~]", "t.yaml");
  ASSERT_EQ(root.items.size(), 5U);
  EXPECT_FALSE(root.items[0].is_quoted);
  for (std::size_t i = 1; i <= 3; ++i) EXPECT_TRUE(root.items[i].is_quoted) << i;
  EXPECT_EQ(root.items[4].kind, Document::Kind::kNull);
}

TEST(ParseYaml, CopiesAliases) {
  const Document root = parse_yaml("a: &adc {bits: 8}\nb: *adc\n", "t.yaml");
  ASSERT_EQ(member(root, 1).kind, Document::Kind::kMapping);
  EXPECT_EQ(member(member(root, 1), 0).scalar, "8");
  EXPECT_EQ(member(root, 1).line, 2);
}

TEST(ParseYaml, AllowsTheSameKeyInDifferentMappings) {
  EXPECT_EQ(parse_yaml("a: {rows: 1}\nb: {rows: 2}\n", "t.yaml").members.size(), 2U);
}

TEST(ParseJson, KeepsTheOrderOfKeysAndTheirLines) {
  const Document root = parse_json("{\n  \"b\": 12\n,\n  \"a\": [\n    1.50,\n    {\"c\": true}\n  ]\n}\n", "t.json");
  ASSERT_EQ(root.members.size(), 2U);
  EXPECT_EQ(root.line, 1);
  EXPECT_EQ(root.members[0].first, "b");
  EXPECT_EQ(member(root, 0).line, 2);
  EXPECT_EQ(member(root, 1).line, 4);
  ASSERT_EQ(member(root, 1).items.size(), 2U);
  EXPECT_EQ(member(root, 1).items[0].line, 5);
  EXPECT_EQ(member(root, 1).items[1].line, 6);
}

TEST(ParseJson, GivesANumberTheLineItStandsOnWhenALineBreakFollows) {
  const Document root = parse_json("[\n1\n,2\n]", "t.json");
  EXPECT_EQ(root.items.at(0).line, 2);
  EXPECT_EQ(root.items.at(1).line, 3);
}

TEST(ParseJson, KeepsScalarsAsWritten) {
  const Document root = parse_json(R"([-12, 1.50, 18446744073709551616, 1e5, true, false, null, "7"])", "t.json");
  const std::vector<std::string> expected = {"-12", "1.50", "18446744073709551616", "1e5", "true", "false", "", "7"};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(root.items.at(i).scalar, expected[i]);
    EXPECT_EQ(root.items.at(i).is_quoted, i == 7);
  }
  EXPECT_EQ(root.items.at(6).kind, Document::Kind::kNull);
}

TEST(ParseJson, TakesAnEmptyContainer) {
  EXPECT_EQ(parse_json("{}", "t.json").kind, Document::Kind::kMapping);
  EXPECT_EQ(parse_json("[]", "t.json").kind, Document::Kind::kSequence);
}

TEST(ReadTextFile, GivesTheBytesOfTheFile) {
  const ScratchFolder scratch;
  const std::string text = std::string(200'000, 'x') + "\r\n\xFF end";
  EXPECT_EQ(read_text_file(scratch.file("a", text)), text);
  EXPECT_EQ(read_text_file(scratch.file("b", "")), "");
  EXPECT_EQ(read_text_file(scratch.file("c", "12345"), 5), "12345");
}

}  // namespace
}  // namespace crossloom
