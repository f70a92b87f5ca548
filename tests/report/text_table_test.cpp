#include "report/text_table.h"

#include <gtest/gtest.h>

#include "support/error.h"

namespace crossloom {
namespace {

using Align = TextTable::Align;

TEST(TextTable, MakesColumnsAsWideAsTheirWidestCell) {
  TextTable table({{"layer", Align::kLeft}, {"rows"}});
  table.add_row({"a", "1"});
  table.add_row({"longer name", "12345"});
  EXPECT_EQ(table.text(),
            "layer         rows\n"
            "a                1\n"
            "longer name  12345\n");
}

TEST(TextTable, LeavesNoSpacesAtTheEndOfALine) {
  TextTable table({{"", Align::kLeft}, {"note", Align::kLeft}});
  table.add_row({"x", ""});
  table.add_row({"y", "longer"});
  EXPECT_EQ(table.text(),
            "   note\n"
            "x\n"
            "y  longer\n");
}

TEST(TextTable, HasNoTitleLineWithoutTitles) {
  TextTable table({{"", Align::kLeft}, {""}});
  table.add_row({"a", "1"});
  EXPECT_EQ(table.text(2), "  a  1\n");
}

TEST(TextTable, CountsCharactersNotBytes) {
  TextTable table({{"", Align::kLeft}, {""}});
  table.add_row({"\u00e9t\u00e9", "1"});
  table.add_row({"long", "2"});
  EXPECT_EQ(table.text(),
            "\u00e9t\u00e9   1\n"
            "long  2\n");
}

TEST(TextTable, RefusesARowOfAnotherLength) {
  TextTable table({{"a"}, {"b"}});
  EXPECT_THROW(table.add_row({"1"}), InternalError);
}

}  // namespace
}  // namespace crossloom
