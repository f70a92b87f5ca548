#include "support/json.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <limits>

#include "support/document.h"

namespace crossloom {
namespace {

TEST(Json, KeepsMembersInOrderOfInsertion) {
  Json json;
  json.set("b", 1);
  json.set("a", "x");
  EXPECT_EQ(json.dump(), R"({"b": 1, "a": "x"})");
}

TEST(Json, KeepsInnermostContainersOnOneLine) {
  const Json json = Json::Object{{"sizes", Json::Array{1, 2}}, {"empty", Json::Array{}}, {"name", nullptr}};
  EXPECT_EQ(json.dump(), "{\n  \"sizes\": [1, 2],\n  \"empty\": [],\n  \"name\": null\n}");
}

TEST(Json, IndentsByDepth) {
  const Json json = Json::Array{Json::Object{{"rows", Json::Array{Json::Array{true}, 1}}}};
  EXPECT_EQ(json.dump(1), "[\n {\n  \"rows\": [\n   [true],\n   1\n  ]\n }\n]");
}

TEST(Json, GoesOnOneLineWithANegativeIndent) {
  const Json json = Json::Object{{"a", Json::Array{Json::Array{1}, Json::Object{}}}, {"b", false}};
  EXPECT_EQ(json.dump(-1), R"({"a": [[1], {}], "b": false})");
}

TEST(Json, TurnsANullIntoWhatIsAddedToIt) {
  Json array;
  array.push_back(1);
  array.push_back(2.5);
  EXPECT_EQ(array.dump(), "[1, 2.5]");
}

TEST(Json, WritesWholeDoublesWithAPoint) {
  EXPECT_EQ(Json(3.0).dump(), "3.0");
  EXPECT_EQ(Json(-0.0).dump(), "-0.0");
  EXPECT_EQ(Json(std::int64_t{3}).dump(), "3");
  EXPECT_EQ(Json(1e300).dump(), "1e+300");
}

TEST(Json, WritesDoublesThatReadBackToTheSameBits) {
  for (const double value :
       {0.1, 1.0 / 3.0, 152.77319048, 5e-324, std::numeric_limits<double>::max(), -1e-7, 1e15, 123456789012345680.0}) {
    const std::string text = Json(value).dump();
    EXPECT_EQ(std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr)), std::bit_cast<std::uint64_t>(value)) << text;
  }
}

TEST(Json, WritesTheLimitsOfIntegers) {
  EXPECT_EQ(Json(std::numeric_limits<std::int64_t>::min()).dump(), "-9223372036854775808");
  EXPECT_EQ(Json(std::numeric_limits<std::int64_t>::max()).dump(), "9223372036854775807");
}

TEST(Json, EscapesWhatJsonDoesNotAllowInText) {
  EXPECT_EQ(Json("a\"b\\c\nd\te\x01").dump(), R"("a\"b\\c\nd\te\u0001")");
  EXPECT_EQ(Json("µm²").dump(), "\"µm²\"");
}

TEST(Json, ReadsBackThroughTheParser) {
  const std::string hard = "quote \" slash \\ bell \a line\nend";
  const Document document = parse_json(Json(Json::Object{{hard, hard}}).dump(), "t.json");
  ASSERT_EQ(document.members.size(), 1U);
  EXPECT_EQ(document.members[0].first, hard);
  EXPECT_EQ(document.members[0].second.scalar, hard);
}

// Vectors of the reference implementation (Fowler, Noll, Vo: test_fnv.c, FNV-1a 64 bit).
TEST(ContentHash, GivesTheKnownAnswersOfFnv1a) {
  EXPECT_EQ(content_hash(""), "cbf29ce484222325");
  EXPECT_EQ(content_hash("a"), "af63dc4c8601ec8c");
  EXPECT_EQ(content_hash("foobar"), "85944171f73967e8");
}

}  // namespace
}  // namespace crossloom
