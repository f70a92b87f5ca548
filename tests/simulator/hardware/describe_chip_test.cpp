#include "simulator/hardware/describe_chip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/document.h"

namespace crossloom {
namespace {

using ::testing::HasSubstr;

TEST(DescribeChipFields, AnIntegerKeyHasUnitBoundsAndMeaning) {
  EXPECT_THAT(describe_chip_fields(), HasSubstr("| `adc.bits` | bit | 1 to 16 | resolution |\n"));
}

TEST(DescribeChipFields, ANumberKeyHasUnitBoundsAndMeaning) {
  EXPECT_THAT(describe_chip_fields(), HasSubstr("| `cell.g_max_siemens` | S | 0 to 1 | conductance of the highest level |\n"));
}

TEST(DescribeChipFields, AChoiceListsItsNames) {
  EXPECT_THAT(describe_chip_fields(), HasSubstr("| `crossbar.slice_placement` |  | columns, arrays | "));
}

TEST(DescribeChipFields, NestedSectionsHaveTheirOwnTable) {
  EXPECT_THAT(describe_chip_fields(), HasSubstr("\n### `tile.bus.cost`\n"));
}

TEST(ChipsPage, ContainsTheDescriptionOfEveryKey) {
  const std::string page = read_text_file(CROSSLOOM_SOURCE_FOLDER "/docs/chips.md");
  EXPECT_NE(page.find(describe_chip_fields()), std::string::npos)
      << "replace the text below the heading 'Keys' of docs/chips.md by:\n"
      << describe_chip_fields();
}

}  // namespace
}  // namespace crossloom
