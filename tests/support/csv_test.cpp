#include "support/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::Optional;

TEST(CsvCells, AreThoseThatWereWritten) {
  for (const char* text : {"", "a", "a,b", "\"", "say \"no\", twice", " blank "}) {
    EXPECT_THAT(csv_cells("first," + csv_field(text) + ",last"), Optional(ElementsAre("first", text, "last"))) << text;
  }
  EXPECT_THAT(csv_cells(""), Optional(ElementsAre("")));
  EXPECT_THAT(csv_cells(",,"), Optional(ElementsAre("", "", "")));
}

TEST(CsvCells, OfABrokenLineAreNone) {
  EXPECT_EQ(csv_cells("a,\"b"), std::nullopt);
  EXPECT_EQ(csv_cells("\"a\"b,c"), std::nullopt);
}

}  // namespace
}  // namespace crossloom
